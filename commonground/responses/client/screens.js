// A paper's questions as screens, cut and drawn as the server's own pages are.
import { utf8 } from "./sealing.js";

const WEIGHT = { text: 2, several: 2 };
const SECONDS = { text: 60, several: 30 };
const sum = (questions, of, otherwise) => questions.reduce((all, { kind }) => all + (of[kind] || otherwise), 0);

export const minutes = (questions) => Math.max(1, Math.ceil(sum(questions, SECONDS, 15) / 60));

// An element with its attributes, and what is inside; no text of a survey is ever read as HTML.
export function h(tag, given, ...inside) {
  const node = document.createElement(tag);
  for (const name of Object.keys(given)) if (given[name]) node.setAttribute(name, given[name]);
  node.append(...inside.flat().filter(Boolean));
  return node;
}

// The value with every {"en": ..., "es": ...} replaced by its text, in English where it lacks.
export function inLanguage(value, language) {
  if (!value || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner) => inLanguage(inner, language));
  if ("en" in value) return value[language] || value.en;
  return Object.fromEntries(Object.keys(value).map((name) => [name, inLanguage(value[name], language)]));
}

// Groups of about equal weight, none over eight; a text or several-choice question weighs two.
function groups(questions) {
  const whole = sum(questions, WEIGHT, 1);
  const fair = whole / Math.max(1, Math.ceil(whole / 8));
  const made = [];
  for (const question of questions) {
    const last = made[made.length - 1] || [];
    const weight = sum(last, WEIGHT, 1);
    if (last[0] && weight < fair && weight + sum([question], WEIGHT, 1) <= 8) last.push(question);
    else made.push([question]);
  }
  return made;
}

// The screens of a paper that is in one language already.
export function cutInScreens({ parts, questions }) {
  const named = (name) => questions.find(({ id }) => id === name);
  const screens = parts.map((part, i) =>
    groups(part.questions.map(named)).map((group) => ({ part: i + 1, heading: part.title, questions: group }))).flat();
  const left = (from) => minutes(screens.slice(from).map((screen) => screen.questions).flat());
  return screens.map((screen, i) => Object.assign(screen, { left: left(i) }));
}

// By how many bytes a text is too long.
export const over = ({ kind, limit, id }, answers) =>
  kind === "text" ? Math.max(0, utf8(answers[id] || "").length - limit) : 0;

export const small = (words, id) => words && h("p", { class: "small soft", id }, words);

// Fields that only some surveys have, by kind: text.js.
export const fields = {};

// A question's field with what was answered so far; `tooLong` bytes of a text are complained of.
export function field(question, answers, tooLong, say, note) {
  const { id, kind, text, help, options } = question;
  if (fields[kind]) return fields[kind](question, answers, tooLong, say, note);
  const [hint, given] = [`help-${id}`, answers[id]];
  const several = kind === "several";
  const words = [help, several && say("several")].filter(Boolean).join(" ");
  const choice = (option, value) => {
    const checked = [given].flat().includes(value) && "checked";
    const how = { type: several ? "checkbox" : "radio", name: id, value: `${value}`, checked };
    return h("label", { class: "choice" }, h("input", how), h("span", {}, option.text));
  };
  return h("fieldset", { "aria-describedby": words && hint }, h("legend", { class: "asked" }, text), small(words, hint),
    h("div", { class: `choices ${kind === "scale10" ? "scale" : ""}` }, options.map(choice)));
}

// What a field that was changed says now; undefined for nothing.
export function said({ kind, id }, { value, form }) {
  if (kind === "text") return value.replace(/\0/g, "").trim() || undefined;
  const chosen = [...form.elements].filter(({ name, checked }) => name === id && checked).map((one) => Number(one.value));
  return kind === "several" && chosen.length ? chosen : chosen[0];
}
