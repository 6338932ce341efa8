// Sending, step by step. What a step made lies in `state` before the next begins, and `keep` stores it: a lost line
// costs no pass and makes no second answer, because the same bytes are sent again.
import {
  base64url, blind, characters, cut, encodeAnswers, finish, hex, isAcknowledged, join, newPass, passMessage, passRow,
  plainAnswer, publicKeyOf, random, receiptMessage, sealAnswer, sha256, unbase64url,
} from "./sealing.js";

// Why sending stopped, as the name of a sentence.
export class Stopped extends Error {}

const each = (values, change) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

export const readPass = (pass) => each(pass, unbase64url);
export const writePass = (pass) => each(pass, base64url);

// What a person sees of her pass: the receipt and the line in the list.
export async function receiptOf(pass) {
  const { secret, receipt } = readPass(pass);
  return { ownReceipt: characters(receipt, 16), ownLine: characters(await sha256(publicKeyOf(secret)), 16) };
}

// Carries an answer from where `state` stands to its acknowledgement. `post` gives the status (0: no connection)
// and the bytes of an answer. Gives the acknowledgement. Throws Stopped; called again, it goes on where it stopped.
export async function send(paper, state, keep, post) {
  if (!state.pass) state.pass = await makePass(paper, state.k);
  keep();
  if (state.pass.request) state.pass = await takePass(paper, readPass(state.pass), post);
  keep();
  if (!state.row) state.row = await makeRow(paper, readPass(state.pass), state);
  keep();
  return handOver(paper, state, post);
}

// A version tells of no earlier one.
export const above = (version, bits = 16) => version + 1 + parseInt(hex(random(4)), 16) % 2 ** bits;

// Another answer with the same pass needs a higher version: the earlier one may have arrived.
export function changed(state) {
  if (state.row) state.version = above(state.version);
  delete state.row;
}

async function makePass(paper, link) {
  const [secret, receipt] = [await newPass(), random(16)];
  const ofPass = await blind(await passMessage(paper, publicKeyOf(secret)), paper.issuing.ofPass);
  const ofReceipt = await blind(await receiptMessage(paper, receipt), paper.issuing.ofReceipt);
  const request = join(paper.survey, unbase64url(link), ofPass.blinded, ofReceipt.blinded);
  return writePass({ secret, receipt, request, first: ofPass.unblinding, second: ofReceipt.unblinding });
}

async function takePass(paper, { secret, receipt, request, first, second }, post) {
  const { status, bytes } = await post(paper.content.addresses.pass, request);
  if (status !== 200) throw new Stopped(`pass${status}`);
  const [forPass, forReceipt] = cut(bytes, 256, 256);
  const { ofPass, ofReceipt } = paper.issuing;
  const signature = await finish(await passMessage(paper, publicKeyOf(secret)), ofPass, forPass, first);
  const signed = await finish(await receiptMessage(paper, receipt), ofReceipt, forReceipt, second);
  if (!signature || !signed) throw new Stopped("forged");
  return writePass({ secret, receipt, signature, signed });
}

async function makeRow(paper, { secret, receipt, signature, signed }, { answers, version }) {
  const encoded = encodeAnswers(paper.content.questions, answers);
  const item = await sealAnswer(paper, plainAnswer(1, receipt, signed, encoded));
  return base64url(await passRow(paper, { secret, signature }, version, item));
}

async function handOver(paper, state, post) {
  const row = unbase64url(state.row);
  const { status, bytes } = await post("answer/", row);
  if (status === 409) state.newer = parseInt(hex(bytes), 16);
  if (status !== 200) throw new Stopped(`door${status}`);
  if (!(await isAcknowledged(paper, row, bytes))) throw new Stopped("unthanked");
  return base64url(bytes);
}
