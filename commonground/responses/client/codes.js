// Printed codes: read as typed or scanned, and the answer that is sealed for one in this browser.
import { characters, encodeAnswers, hex, join, plainAnswer, sealAnswer, sha256, unhex, utf8 } from "./sealing.js";

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

// The 10 bytes of a code; null where a sign is missing or wrong. A scanned link holds the code behind its #.
export function readCode(text) {
  const [, inLink] = text.match(/#(?:.*&)?c=([^&\s]+)/) || [];
  const signs = (inLink || text).toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const values = Array.from(signs, (sign) => BigInt(SIGNS.indexOf(sign)));
  const check = values.pop();
  if (values.length !== 16 || values.some((value) => value < 0n || value > 31n)) return null;
  const number = values.reduce((sum, value) => sum * 32n + value, 0n);
  return number % 37n === check ? unhex(number.toString(16).padStart(20, "0")) : null;
}

// The last four signs on the card, by which a person finds a code that was refused.
export function lastFour(code) {
  const number = BigInt(`0x${hex(code)}`);
  const three = [10n, 5n, 0n].map((shift) => SIGNS[Number((number >> shift) & 31n)]);
  return three.join("") + SIGNS[Number(number % 37n)];
}

// The line in the list of sealed answers.
export const lineOf = async ({ survey }, code) =>
  characters(await sha256(await sha256(utf8("cg1:code\0"), survey, code)), 16);

export const receiptOf = async ({ survey }, code) =>
  (await sha256(utf8("cg1:code-receipt\0"), survey, code)).subarray(0, 16);

export async function sealFor(paper, code, answers) {
  const encoded = encodeAnswers(paper.content.questions, answers);
  return sealAnswer(paper, plainAnswer(2, await receiptOf(paper, code), new Uint8Array(256), encoded));
}

export const record = ({ code, item }) => join(code, item);
