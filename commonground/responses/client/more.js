// What only some people need: a pasted link, the saved receipt, and a pass that is kept to change an answer later.
import { arrive, BASE, begin, content, draw, fill, find, keep, paper, say, show, state, values } from "./page.js";
import { base64url, cut, hex, join, sha256, u32, unbase64url } from "./sealing.js";
import { above, readPass, writePass } from "./send.js";

// A kept pass: signing key, signature, receipt, its signature, and the version that was sent last.
const SIZES = [96, 256, 16, 256, 4];
const stored = () => `cg ${values.print}`;

function pack({ pass, version }) {
  const { secret, signature, receipt, signed } = readPass(pass);
  return base64url(join(secret, signature, receipt, signed, u32(version)));
}

// Takes up a kept pass; its answer gets the next version.
export function takeUp(packed, from = "file") {
  const [secret, signature, receipt, signed, version] = cut(unbase64url(packed), ...SIZES);
  state.pass = writePass({ secret, signature, receipt, signed });
  state.version = above(parseInt(hex(version), 16));
  state.kept = from;
  delete state.row;
  delete state.w;
  keep();
}

// The link with which the pass works on any device.
const link = () => `${location.href.split("#")[0]}#p=${base64url(paper.hash)}&w=${pack(values.sent)}&l=${state.l}`;

function tell(name) {
  find("#told").hidden = false;
  find("#told").textContent = say(name);
}

export function enter() {
  const isWhole = arrive(find("#link").value.split("#")[1]);
  find("#link-fault").hidden = isWhole;
  if (isWhole) begin();
}

export async function bring(file) {
  const [, found] = (file && (await file.text()).match(/#(p=\S+)/)) || [];
  const isWhole = found && arrive(found);
  find("#file-fault").hidden = isWhole;
  if (isWhole) begin();
}

export function useKept() {
  takeUp(localStorage.getItem(stored()), "here");
  draw();
}

export function forgetKept() {
  localStorage.removeItem(stored());
  draw();
}

export function keepFile() {
  save(say("passFile"), [content.title, "", say("passHow"), say("passWarn"), "", link(), ""]);
  tell("passSaved");
}

export function keepHere() {
  try {
    localStorage.setItem(stored(), pack(values.sent));
    tell("passStored");
  } catch {
    tell("passNot");
  }
}

export async function keepCode() {
  const { draw } = await import("./qr.js");
  fill("#qr", [draw(link())]);
  tell("passShown");
}

export function saveReceipt() {
  const { ownLine, ownReceipt, print } = values;
  const dates = [`${say("isClosed")} ${values.closes}`, `${say("opened")} ${values.opening}`];
  save(say("file"), [content.title, content.district, "", `${say("receipt")}: ${ownReceipt}`, say("receiptWhy"), "",
    `${say("line")}: ${ownLine}`, say("lineWhy"), "", say("both"), "", `${say("fingerprint")}: ${print}`, ...dates, ""]);
}

// What the door signed, in the form in which it is handed in.
export async function saveProof() {
  const [row, thanks] = [values.row, values.thanks].map(unbase64url);
  const [key, , version, item] = cut(row, 65, 256, 4, row.length - 389);
  const made = { acknowledgement: hex(thanks), format: "cg1-proof", item: hex(await sha256(item)), key: hex(key) };
  save(say("proofFile"), [JSON.stringify({ ...made, paper: hex(paper.hash), version: parseInt(hex(version), 16) })]);
}

function save(name, lines, type = "text/plain") {
  const made = document.createElement("a");
  made.href = URL.createObjectURL(new Blob([lines.join("\n")], { type }));
  made.download = name;
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 60000);
}
