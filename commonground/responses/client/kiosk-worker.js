// Lets the kiosk's page be loaded again without a network: its files and the paper, and nothing else.
const STORE = "cg kiosk";
const FILES = [
  "kiosk.html", "kiosk.js", "kiosk.json", "kiosk.css", "shelf.js", "codes.js", "screens.js", "sealing.js", "here.js",
  "check.js", "text.js", "warn.js", "screening.js", "rules.json", "words.json", "answer.css", "tokens.css",
  "components.css", "door.css", "favicon.svg", "../paper.json",
];
const kept = FILES.map((name) => new URL(name, location.href).href);

addEventListener("install", (event) => {
  const load = async () => (await caches.open(STORE + location.pathname)).addAll(
    kept.map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
  event.waitUntil(load().then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const address = event.request.url.split("#")[0].split("?")[0];
  if (event.request.method !== "GET" || !kept.includes(address)) return;
  event.respondWith(caches.open(STORE + location.pathname).then(async (store) =>
    (await store.match(address)) || fetch(event.request)));
});
