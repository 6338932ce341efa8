// Takes the code and the fingerprint from behind the # of a link, and out of the address.
const given = new URLSearchParams(location.hash.slice(1));
const field = document.querySelector("input[name=code]");
if (location.hash) history.replaceState(null, "", location.pathname);
if (field && given.get("c")) {
  field.value = given.get("c");
  document.querySelector("#filled").hidden = false;
}
const paper = document.querySelector("[data-paper]");
if (paper && given.get("p") && given.get("p") !== paper.dataset.paper) {
  document.querySelector("#differs").hidden = false;
}
