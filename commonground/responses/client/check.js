// Where this browser cannot seal answers, plain words stay on the page. Old syntax, so that old browsers read it.
(function () {
  var root = document.documentElement;
  var able = typeof BigInt === "function" && "noModule" in document.createElement("script") &&
    window.isSecureContext && window.crypto && crypto.subtle && window.TextEncoder;
  if (able) root.className = "able";
  window.addEventListener("error", function () {
    if (!root.hasAttribute("data-drawn")) root.className = "";
  }, true);
})();
