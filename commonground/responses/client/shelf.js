// What a kiosk keeps on its device: codes with their sealed answers, in the order of the hashes of these, until they
// are sent; of refused codes the last four signs; of all others a number. Never an answer that can be read.
import { lastFour, record } from "./codes.js";
import { hex, join, sha256 } from "./sealing.js";

const BATCH = 10;
const MOST = 100;
const [SAME, CLOSED] = [1, 5];
const REASONS = { 2: "unknown", 3: "cancelled", 4: "used", 5: "late" };

let database;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const table = (name, mode) => database.transaction(name, mode).objectStore(name);

export async function open(survey) {
  const request = indexedDB.open(`cg kiosk ${survey}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("kept", { keyPath: "hash" });
    request.result.createObjectStore("told");
  };
  database = await done(request);
}

export const kept = () => done(table("kept").getAll());
export const sent = async () => (await done(table("told").get("sent"))) || 0;
export const refused = async () => (await done(table("told").get("refused"))) || [];

export async function holds(code) {
  const wanted = hex(code);
  return (await kept()).some((one) => hex(one.code) === wanted);
}

export async function keep(code, item) {
  const hash = hex(await sha256(item));
  await done(table("kept", "readwrite").put({ hash, code, item }));
  return hash;
}

// What became of each answer by hash: "sent", or why it was refused. A number is all that stays of those that are in.
function settle(batch, outcomes, isEarly) {
  const told = {};
  const work = database.transaction(["kept", "told"], "readwrite");
  const [answers, notes] = [work.objectStore("kept"), work.objectStore("told")];
  const read = (name, start, change) => {
    const request = notes.get(name);
    request.onsuccess = () => notes.put(change(request.result || start), name);
  };
  batch.forEach(({ hash, code }, i) => {
    if (outcomes[i] === CLOSED && isEarly) return;
    answers.delete(hash);
    told[hash] = outcomes[i] <= SAME ? "sent" : REASONS[outcomes[i]] || "unknown";
  });
  const refusals = batch.filter(({ hash }) => told[hash] && told[hash] !== "sent");
  read("sent", 0, (number) => number + Object.values(told).filter((one) => one === "sent").length);
  read("refused", [], (before) =>
    [...before, ...refusals.map(({ hash, code }) => ({ four: lastFour(code), why: told[hash] }))]
      .sort((a, b) => (a.four < b.four ? -1 : 1)));
  return new Promise((resolve, reject) => {
    work.oncomplete = () => resolve(told);
    work.onerror = () => reject(work.error);
  });
}

let isSending = false;

// Sends what is kept when ten answers wait, or all at the end; `post` gives the status and bytes of an answer.
export async function send(post, isLast, isEarly) {
  const waiting = isSending ? [] : await kept();
  if (!waiting.length || (waiting.length < BATCH && !isLast)) return {};
  isSending = true;
  const told = {};
  try {
    for (let at = 0; at < waiting.length; at += MOST) {
      const batch = waiting.slice(at, at + MOST);
      const { status, bytes } = await post(join(...batch.map(record)));
      if (status !== 200 || bytes.length !== batch.length) break;
      Object.assign(told, await settle(batch, bytes, isEarly));
    }
  } finally {
    isSending = false;
  }
  return told;
}
