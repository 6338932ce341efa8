// From the personal link to the receipt. What a person enters lies in this tab's storage until the server has
// proved that it arrived.
import { DOOR, PAPER } from "./here.js";
import { cutInScreens, field, h, inLanguage, minutes, over, said } from "./screens.js";
import { characters, readPaper, unbase64url } from "./sealing.js";
import { Stopped, above, changed, receiptOf, send } from "./send.js";

export const BASE = new URL(DOOR || "../", location.href).href;
const STORED = `cg ${location.pathname}`;
const every = (selector, change) => document.querySelectorAll(selector).forEach(change);
export const find = (selector) => document.querySelector(selector);

// Storage may be switched off.
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

let words, screens, view;
export let paper, content, values;
export let state = attempt(() => JSON.parse(sessionStorage.getItem(STORED))) || {};
export const keep = () => attempt(() => sessionStorage.setItem(STORED, JSON.stringify(state)));

// What only some people need is loaded when they do.
const more = (name, ...given) => import("./more.js").then((module) => module[name](...given), () => show("absent"));

// Words

export const say = (name, more) =>
  (words[state.l][name] || `{${name}}`).replace(/\{(\w+)\}/g, (_, value) => Object.assign({}, values, more)[value] || "");

function day(moment, timeZone = "UTC", how = { weekday: "long", month: "long", day: "numeric" }) {
  const told = new Intl.DateTimeFormat(`${state.l}-US`, Object.assign({ timeZone }, how)).format(new Date(moment));
  return state.l === "es" ? told.replace(",", "") : told;
}

const hour = (moment, zone) =>
  `${day(moment, zone)}, ${day(moment, zone, { hour: "numeric", minute: "2-digit" }).toLowerCase()}`;

// What the sentences say of this survey.
function speak() {
  content = inLanguage(paper.content, state.l);
  screens = cutInScreens(content);
  const { opens, closes } = content.window;
  const [before, after] = ["before", "after"].map((phase) => phase === values.phase);
  const sealing = content.parties.filter(({ seals }) => seals);
  const { word } = content.promise;
  const time = minutes(content.questions);
  Object.assign(values, content, {
    before, after, isOpen: !before && !after, word: say(word), wordWhy: say(`${word}Why`),
    opens: hour(opens, content.timezone), closes: hour(closes, content.timezone),
    opening: day(content.opening_on), resultsBy: day(content.results_by),
    minutes: time, count: content.questions.length, parties: sealing.length,
    names: sealing.length < content.parties.length && sealing.map(({ name }) => name).join(", "),
    health: content.help_lines[0] && content.questions.some(({ health }) => health),
    print: characters(paper.hash, 26),
  });
  values.time = say(time === 1 ? "minute" : "minutes");
  values.window = say(before ? "from" : "until");
  fill("#parties", plates());
  fill("#lines", content.help_lines.map((line) => h("li", {}, line)));
  fill("#errata", values.errata.map((one) =>
    h("p", { class: "note" }, h("b", {}, say("correction", { day: day(one.on) })), ` ${one[state.l]}`)));
}

// Plates with a number or initials; management's is a square.
function plates() {
  const shapes = ["circle", "hexagon", "shield"];
  return content.parties.map(({ name, kind }) => {
    const shape = kind === "management" ? "square" : shapes[shapes.push(shapes.shift()) - 1];
    const plate = find(`#${shape}`).content.cloneNode(true);
    const text = plate.querySelector("text");
    const capitals = name.split(" ").map((word) => word[0]).filter((sign) => sign !== sign.toLowerCase());
    text.textContent = (name.match(/\b\d{1,4}\b/g) || [capitals.slice(0, 5).join("")]).pop();
    if (text.textContent.length > 3) text.setAttribute("textLength", 30);
    return h("li", {}, plate, name);
  });
}

// Views: every sentence, link and condition of the page is set anew.

export function fill(selector, inside) {
  find(selector).textContent = "";
  find(selector).append(...inside);
}

export function show(name, more) {
  every(".view", (node) => node.classList.toggle("on", node.id === name));
  document.documentElement.dataset.drawn = "";
  if (!words) return;
  document.documentElement.lang = state.l;
  Object.assign(values, { en: state.l === "en", es: state.l === "es" }, more);
  every("[data-t]", (node) => { node.textContent = say(node.dataset.t); });
  every("[data-if]", (node) => { node.hidden = !values[node.dataset.if]; });
  every("[data-to]", (node) => { node.href = BASE + state.l + node.dataset.to; });
  const heading = find(`#${name} h1`);
  document.title = heading.textContent;
  if (view) {
    heading.focus();
    scrollTo(0, 0);
  }
  view = name;
}

function front() {
  const { answers, k, kept } = state;
  const isReady = k || kept;
  show("front", {
    isReady, isLost: !isReady, isChange: kept, mayBring: !kept, isKept: !kept && attempt(() => localStorage.getItem(`cg ${values.print}`)),
    begin: say(Object.keys(answers).length ? "goOn" : kept ? "change" : "start"),
  });
}

function screen(isChecked) {
  const { part, heading, left, questions } = screens[state.at];
  const isLast = state.at === screens.length - 1;
  const { answers } = state;
  fill("#questions", questions.map((one) => field(one, answers, isChecked && over(one, answers), say, note)));
  values.left = left;
  show("screen", {
    part, heading, isLast, isEarly: !isLast, of: content.parts.length,
    remains: say(left === 1 ? "left1" : "left"), forward: say(isLast ? "send" : "next"),
  });
}

// What is to be seen now.
export function draw() {
  if (!paper) show("alarm");
  else if (view === "sending") show(view);
  else if (state.done) show("receipt", state.done);
  else if (state.why) stopped();
  else if (state.at >= 0) screen();
  else front();
}

// To a screen; -1 is the front.
function go(at) {
  state.at = at;
  delete state.why;
  keep();
  draw();
}

function step(at) {
  history.pushState(at, "");
  go(at);
}

// After a change of answers.
function note() {
  changed(state);
  keep();
}

function clear() {
  for (const { id } of screens[state.at].questions) state.answers[id] = state.answers[`${id}?`] = undefined;
  note();
}

function forward() {
  if (screens[state.at].questions.some((question) => over(question, state.answers))) {
    screen(true);
    find("[aria-invalid]").focus();
  } else if (state.at === screens.length - 1) sendAll();
  else step(state.at + 1);
}

// Sending

async function sendAll() {
  state.why = "0";
  show("sending");
  try {
    const thanks = await send(paper, state, keep, post);
    const { kept, l, p, pass, row, version } = state;
    state = { l, p, done: Object.assign({ row, thanks }, await receiptOf(pass)) };
    keep();
    values.sent = { pass, version };
    show("receipt", state.done);
    if (kept === "here") more("keepHere");
  } catch (error) {
    state.why = error instanceof Stopped ? error.message : "broken";
    keep();
    stopped();
  }
}

async function stopped() {
  const { pass, why } = state;
  const [name] = [why, why.slice(4), "busy"].filter((one) => words.en[one]);
  show("stopped", Object.assign({
    why: say(name), mayRetry: !/40[49]|410/.test(why), mayReplace: why === "door409",
    mayCode: /^pass40/.test(why), mayLook: /door410|unthanked/.test(why),
  }, pass && (await receiptOf(pass))));
}

// The status is 0 without a connection. No cookie goes along, and nobody learns from which page it comes.
async function ask(address, how) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), 30000);
  const plain = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" };
  try {
    const answer = await fetch(address, Object.assign(plain, { signal: patience.signal }, how));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, bytes, phase: answer.headers.get("Survey-Phase") };
  } catch {
    return { status: 0 };
  }
}

const post = (address, body) =>
  ask(new URL(address, BASE), { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });

// Arriving

// Takes what stands behind the # of a whole link; another link than this tab's begins anew.
export function arrive(hash) {
  const { k, p, w, l } = Object.fromEntries(new URLSearchParams(hash));
  const isWhole = (text, size) => unbase64url(text || "").length === size;
  if (!isWhole(p, 32) || !(isWhole(k, 16) || isWhole(w, 628))) return false;
  if (w || state.k !== k || state.p !== p) state = { k, p, w, l: state.l };
  if (/^e[ns]$/.test(l)) state.l = l;
  return true;
}

export async function begin() {
  values = { initiative: "Common Ground" };
  content = null;
  const found = await Promise.all(["words.json", `${BASE}paper.json`, `${BASE}errata.json`].map((one) => ask(one)));
  if (found.some(({ status }) => status !== 200)) return show("absent");
  const read = ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes));
  words = read(found[0]);
  values.errata = read(found[2]);
  values.phase = found[1].phase;
  paper = await readPaper(found[1].bytes, PAPER, state.p);
  state = Object.assign({ answers: {}, version: above(0, 28) }, state);
  if (paper) {
    if (paper.content.questions.some(({ kind }) => kind === "text")) await import("./text.js");
    if (state.w) await more("takeUp", state.w);
    keep();
    speak();
  }
  draw();
}

function open() {
  arrive(location.hash.slice(1));
  history.replaceState(state.at, "", location.pathname);
  begin();
}

// What buttons and forms do

const acts = {
  start: () => step(0), back: () => step(state.at - 1), toAnswers: () => step(screens.length - 1), begin, retry: sendAll,
  clear: () => { clear(); screen(); },
  skip: () => { clear(); step(state.at + 1); },
  replace: () => { state.version = above(state.newer); delete state.row; sendAll(); },
  turn: ({ lang }) => {
    state.l = lang;
    keep();
    if (content) speak();
    draw();
  },
};

document.addEventListener("click", ({ target }) => {
  const name = target.dataset.do;
  if (name) (acts[name] || more.bind(null, name))(target);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "answers") forward();
  else more("enter");
});

document.addEventListener("input", ({ target }) => {
  const question = view === "screen" && screens[state.at].questions.find(({ id }) => id === target.name);
  if (question) {
    state.answers[question.id] = said(question, target);
    note();
  } else if (target.files) more("bring", target.files[0]);
});

addEventListener("popstate", ({ state: at }) => {
  if (screens && !location.hash && !state.done && view !== "sending") go(Number.isInteger(at) ? at : -1);
});

addEventListener("beforeunload", (event) => {
  if (state.why) event.preventDefault();
});

addEventListener("hashchange", open);
if (!state.l) state.l = navigator.language.startsWith("es") ? "es" : "en";
open();
