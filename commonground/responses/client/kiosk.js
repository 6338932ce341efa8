// A shared device that takes printed codes. What a person enters lives in this page's memory alone, and goes when she
// is done, leaves, or is silent; what stays is her code with the answer sealed. There is no way out of the page.
import { lineOf, readCode, receiptOf, sealFor } from "./codes.js";
import { PAPER } from "./here.js";
import { cutInScreens, field, h, inLanguage, over, said } from "./screens.js";
import { characters, readPaper } from "./sealing.js";
import * as shelf from "./shelf.js";
import "./text.js";

const SECONDS_OF_SILENCE = 60;
const SECONDS_TO_ANSWER = 30;
const EVERY = 60000;
const BEFORE_CLOSING = 5 * 60000;
const GRACE = 15 * 60000;
const LANGUAGES = { en: "English", es: "Español" };
const STORED = `cg kiosk ${location.pathname}`;
const OUTGOING = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" };
const every = (selector, change) => document.querySelectorAll(selector).forEach(change);
const find = (selector) => document.querySelector(selector);

let words, paper, content, screens, values, view, place, language;
let person = null;
let isDone = false;
let isLeaving = false;
let heard = Date.now();

// Words

const say = (name, more) =>
  (words[language][name] || `{${name}}`).replace(/\{(\w+)\}/g, (_, value) => Object.assign({}, values, more)[value] || "");

function when(moment) {
  const how = { weekday: "long", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZone: content.timezone };
  return new Intl.DateTimeFormat(`${language}-US`, how).format(new Date(moment));
}

function speak() {
  content = inLanguage(paper.content, language);
  screens = cutInScreens(content);
  const { opens, closes } = content.window;
  const [before, after] = [Date.now() < Date.parse(opens), Date.now() >= Date.parse(closes)];
  Object.assign(values, content, {
    before, after, isDone, isOpen: !before && !after && !isDone, opens: when(opens), closes: when(closes),
    parties: content.parties.filter(({ seals }) => seals).length, paper: characters(paper.hash, 26),
    health: content.help_lines[0] && content.questions.some(({ health }) => health),
  });
  fill("#lines", content.help_lines.map((line) => h("li", {}, line)));
}

// Views

function fill(selector, inside) {
  find(selector).textContent = "";
  find(selector).append(...inside);
}

function show(name, more) {
  Object.assign(values, more);
  document.documentElement.lang = language;
  document.documentElement.setAttribute("data-drawn", "");
  fill("#languages", Object.keys(LANGUAGES).map((one) =>
    h(one === language ? "span" : "button", { lang: one, "aria-current": one === language && "true" }, LANGUAGES[one])));
  every(".view", (node) => node.classList.toggle("on", node.id === name));
  every("[data-t]", (node) => { node.textContent = say(node.dataset.t); });
  every("[data-if]", (node) => { node.hidden = !values[node.dataset.if]; });
  every("[data-code]", (node) => {
    fill(`#${node.closest(".view").id} [data-code=${node.dataset.code}]`,
      (values[node.dataset.code] || "").split(" ").map((group) => [h("span", {}, group), " "]).flat());
  });
  const heading = find(`#${name} h1`);
  document.title = heading.textContent;
  if (view !== name || name === "screen") {
    heading.focus();
    scrollTo(0, 0);
  }
  view = name;
}

// What is kept here and what was sent, in words.
async function count() {
  const [kept, sent, refused] = [(await shelf.kept()).length, await shelf.sent(), await shelf.refused()];
  const [keptNow, sentNow] = [say(kept === 1 ? "kept1" : "keptMany", { kept }), say(sent === 1 ? "sent1" : "sentMany", { sent })];
  const controlled = !!(navigator.serviceWorker && navigator.serviceWorker.controller);
  Object.assign(values, {
    kept, keptNow: kept ? keptNow : say("kept0"), sentNow: sent ? sentNow : "", anyRefused: refused.length,
    offline: !navigator.onLine, ready: controlled, notReady: !controlled,
  });
  fill("#refused", refused.map(({ four, why }) => h("li", {}, h("b", { class: "mono" }, `… ${four}`), " ", say(why))));
}

async function front() {
  speak();
  await count();
  show("front");
}

async function care(more) {
  await count();
  show("care", Object.assign({ failed: false }, more));
}

function screen(isChecked) {
  const { part, heading, left, questions } = screens[person.at];
  const isLast = person.at === screens.length - 1;
  fill("#questions", questions.map((one) =>
    field(one, person.answers, isChecked && over(one, person.answers), say, () => null)));
  every("#questions textarea", (node) => Object.entries({ autocomplete: "off", autocorrect: "off", spellcheck: "false" })
    .forEach(([name, value]) => node.setAttribute(name, value)));
  Object.assign(values, { left, part, of: content.parts.length, heading });
  show("screen", {
    isLast, isEarly: !isLast, remains: say(left === 1 ? "left1" : "left"), forward: say(isLast ? "send" : "next"),
  });
}

// One person

async function enter() {
  const input = find("#code");
  const code = readCode(input.value);
  const fault = !code ? "badCode" : (await shelf.holds(code)) ? "usedHere" : "";
  find("#code-fault").hidden = !fault;
  if (fault) {
    find("#code-fault").textContent = say(fault);
    input.focus();
    return;
  }
  input.value = "";
  person = { code, answers: {}, at: 0 };
  screen();
}

function move(at) {
  if (at < 0) leave();
  else if (at === screens.length) seal();
  else {
    person.at = at;
    screen();
  }
}

function forward() {
  if (screens[person.at].questions.some((question) => over(question, person.answers))) {
    screen(true);
    find("[aria-invalid]").focus();
  } else move(person.at + 1);
}

function clear() {
  for (const { id } of screens[person.at].questions) person.answers[id] = person.answers[`${id}?`] = undefined;
}

async function seal() {
  show("sealing");
  try {
    const { code, answers } = person;
    const hash = await shelf.keep(code, await sealFor(paper, code, answers));
    person = { receipt: characters(await receiptOf(paper, code), 16), line: await lineOf(paper, code) };
    show("thanks", Object.assign({ became: say("keptUncounted") }, person));
    const told = (await pass())[hash];
    if (told && person && view === "thanks") show("thanks", { became: say(told === "sent" ? "isSent" : told) });
  } catch {
    show("stuck");
  }
}

// Everything a person entered goes: this page is loaded anew, or where that is not possible off line, emptied.
function leave() {
  person = null;
  isLeaving = true;
  for (const name of ["receipt", "line", "became", "heading"]) values[name] = "";
  find("#still").close();
  fill("#questions", []);
  find("#code").value = "";
  every("[data-code=receipt], [data-code=line]", (node) => { node.textContent = ""; });
  if (navigator.serviceWorker && navigator.serviceWorker.controller) location.replace(location.pathname);
  else {
    isLeaving = false;
    language = place.l;
    front();
  }
}

// Sending

async function post(body) {
  const patience = new AbortController();
  const headers = { "Content-Type": "application/octet-stream" };
  setTimeout(() => patience.abort(), 30000);
  try {
    const how = Object.assign({ method: "POST", body, headers, signal: patience.signal, cache: "no-store" }, OUTGOING);
    const answer = await fetch("../codes/", how);
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
  } catch {
    return { status: 0 };
  }
}

// Waits for ten answers, or for the last minutes of the survey.
function pass(isLast) {
  const { opens, closes } = paper.content.window;
  const isEnding = Date.now() >= Date.parse(closes) - BEFORE_CLOSING;
  return shelf.send(post, isLast || isEnding, Date.now() < Date.parse(opens));
}

async function turn() {
  if (!paper) return;
  const told = await pass();
  if (view === "front" && !find("#code").value && (Object.keys(told).length || values.after !== isOver())) front();
}

const isOver = () => Date.now() >= Date.parse(paper.content.window.closes);

async function finish() {
  await pass(true);
  const { length } = await shelf.kept();
  isDone = !length;
  if (length && Date.now() < Date.parse(paper.content.window.closes) + GRACE) care({ failed: true });
  else front();
}

// Silence

function listen() {
  if (!find("#still").open) heard = Date.now();
}

function stay() {
  find("#still").close();
  listen();
}

function watch() {
  const isBusy = person || view === "care" || (view === "front" && find("#code").value);
  const silence = (Date.now() - heard) / 1000;
  if (!isBusy || view === "sealing" || isLeaving) return;
  if (silence >= SECONDS_OF_SILENCE + SECONDS_TO_ANSWER) leave();
  else if (silence >= SECONDS_OF_SILENCE) {
    find("#seconds").textContent = Math.ceil(SECONDS_OF_SILENCE + SECONDS_TO_ANSWER - silence);
    if (!find("#still").open) find("#still").showModal();
  }
}

// Arriving

async function load(address) {
  const answer = await fetch(address, OUTGOING);
  if (!answer.ok) throw new Error(address);
  return new Uint8Array(await answer.arrayBuffer());
}

const read = async (name) => JSON.parse(new TextDecoder().decode(await load(name)));

// The hash of the paper and the language of the kiosk stand behind the # of its address when it is set up.
function settings() {
  const { p, l } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const before = JSON.parse(localStorage.getItem(STORED)) || {};
  const found = { p: p || before.p, l: LANGUAGES[l] ? l : before.l || "en" };
  localStorage.setItem(STORED, JSON.stringify(found));
  history.replaceState(0, "", location.pathname);
  history.pushState(1, "");
  return found;
}

async function begin() {
  try {
    const [own, shared] = [await read("kiosk.json"), await read("words.json")];
    words = Object.fromEntries(Object.keys(LANGUAGES).map((one) => [one, Object.assign({}, shared[one], own[one])]));
    values = { initiative: "Common Ground" };
    paper = await readPaper(await load("../paper.json"), PAPER, place.p);
    if (!paper) return show("alarm");
    await shelf.open(paper.content.survey);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    if (navigator.serviceWorker) {
      navigator.serviceWorker.addEventListener("controllerchange", () => view === "front" && !find("#code").value && front());
      navigator.serviceWorker.register("kiosk-worker.js", { scope: "./kiosk" }).catch(() => {});
    }
    await front();
    turn();
  } catch {
    words ? show("absent") : find("#absent").classList.add("on");
    document.documentElement.setAttribute("data-drawn", "");
  }
}

const acts = {
  begin, seal, finish, leave, stay, about: () => care(), toFront: front,
  back: () => move(person.at - 1),
  clear: () => { clear(); screen(); },
  skip: () => { clear(); move(person.at + 1); },
  turn: ({ lang }) => {
    language = lang;
    speak();
    count().then(() => ({ front, screen, care }[view] || (() => show(view)))());
  },
};

document.addEventListener("click", ({ target }) => {
  const name = target.lang && target.localName === "button" ? "turn" : target.dataset.do;
  if (name) acts[name](target);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "answers") forward();
  else enter();
});

document.addEventListener("input", ({ target }) => {
  const question = view === "screen" && screens[person.at].questions.find(({ id }) => id === target.name);
  if (question) person.answers[question.id] = said(question, target);
});

// Back, menus, dragged files and closing lead nowhere.
find("#still").addEventListener("cancel", stay);
addEventListener("popstate", () => history.pushState(1, ""));
addEventListener("beforeunload", (event) => { if (person && !isLeaving) event.preventDefault(); });
for (const name of ["contextmenu", "dragover", "drop", "auxclick"]) addEventListener(name, (event) => event.preventDefault());
for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, listen, true);
addEventListener("online", () => turn());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
setInterval(watch, 1000);
setInterval(turn, EVERY);

place = settings();
language = place.l;
begin();
