// The box for words of one's own, loaded by surveys that ask for some: who reads them, whether they may be quoted,
// and a word of care while typing. Nothing of it is sent.
import { fields, h, small } from "./screens.js";

// Where the answers hold whether a text may be quoted.
export const quoting = (id) => `${id}?`;

function consent({ id }, answers, say, note) {
  const name = quoting(id);
  const box = h("input", { type: "checkbox", name, checked: answers[name] && "checked" });
  box.addEventListener("input", () => {
    answers[name] = box.checked;
    note();
  });
  return h("label", { class: "choice" }, box, h("span", {}, say("mayQuote")));
}

// After a pause in typing.
function care(box, place, say) {
  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => import("./warn.js").then(({ warn }) => warn(box, place, say), () => null), 600);
  });
}

fields.text = (question, answers, tooLong, say, note) => {
  const { id, text, help, limit, quote, by_level: byLevel } = question;
  const [hint, fault] = [`help-${id}`, `fault-${id}`];
  const words = tooLong && say(tooLong === 1 ? "over1" : "over", { over: tooLong });
  const how = { id: `q-${id}`, name: id, maxlength: limit, "aria-describedby": `${hint} ${words ? fault : ""}` };
  const box = h("textarea", Object.assign(how, words && { "aria-invalid": "true" }), answers[id] || "");
  const place = h("p", { class: "small", role: "status" });
  care(box, place, say);
  return h("div", { class: "field" }, h("label", { class: "asked", for: `q-${id}` }, text), small(help),
    small(quote ? say("twoRead") + (byLevel ? ` ${say("byLevel")}` : "") : say("noNames"), hint),
    words && h("p", { class: "note fault", role: "alert", id: fault }, words),
    box, place, quote && consent(question, answers, say, note));
};
