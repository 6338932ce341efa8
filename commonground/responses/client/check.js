// Leaves plain words on the page where a browser cannot seal answers. Old syntax, for old browsers.
(function () {
  var root = document.documentElement;
  var able = typeof BigInt === "function" && "noModule" in document.createElement("script") &&
    isSecureContext && crypto.subtle;
  if (able) root.className = "able";
  addEventListener("error", function () {
    if (!root.hasAttribute("data-drawn")) root.className = "";
  }, true);
})();
