// All that protects an answer: bytes, blind signatures, seals, and the formats of what is sealed, signed and sent.
const { subtle } = crypto;

// Bytes

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
export const u32 = (n) => unhex(n.toString(16).padStart(8, "0"));
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

const BASE64URL = { "+": "-", "/": "_", "=": "" };

export const base64url = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/[+/=]/g, (sign) => BASE64URL[sign]);

// Nothing for text that is not base64url.
export function unbase64url(text) {
  try {
    const signs = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
  } catch {
    return [];
  }
}

export function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function cut(bytes, ...sizes) {
  let at = 0;
  return sizes.map((size) => bytes.subarray(at, (at += size)));
}

export const digest = async (name, ...parts) => new Uint8Array(await subtle.digest(name, join(...parts)));
export const sha256 = (...parts) => digest("SHA-256", ...parts);

// The first bits as so many characters of Crockford's base 32, in groups of four.
export function characters(bytes, count) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("").slice(0, 5 * count);
  const signs = bits.match(/.{5}/g).map((five) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[parseInt(five, 2)]);
  return signs.join("").match(/.{1,4}/g).join(" ");
}

// Blind signatures: RSABSSA-SHA384-PSS-Deterministic of RFC 9474, with keys of exactly 2048 bits and e = 65537.

const sha384 = (...parts) => digest("SHA-384", ...parts);
const number = (bytes) => BigInt("0x0" + hex(bytes));
const octets = (n, size) => unhex(n.toString(16).padStart(2 * size, "0"));

// base ** 65537 modulo n
function power(base, n) {
  let result = base;
  for (let i = 0; i < 16; i++) result = (result * result) % n;
  return (result * base) % n;
}

// The inverse of a modulo n; 0 if there is none.
function inverse(a, n) {
  let [low, high, x, y] = [a, n, 1n, 0n];
  while (low) {
    const times = high / low;
    [low, high, x, y] = [high - times * low, low, y - times * x, x];
  }
  return high === 1n ? (y + n) % n : 0n;
}

// EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, with MGF1.
async function encode(message, size, salt) {
  const hash = await sha384(new Uint8Array(8), await sha384(message), salt);
  const block = join(new Uint8Array(size - 98), [1], salt);
  const blocks = [];
  for (let i = 0; 48 * i < block.length; i++) blocks.push(await sha384(hash, u32(i)));
  const mask = join(...blocks);
  const masked = block.map((byte, i) => byte ^ mask[i]);
  masked[0] &= 127;
  return join(masked, hash, [188]);
}

// Blind and Finalize of RFC 9474 with the random values given, for a modulus of any size.
export async function blindWith(message, modulus, salt, factor) {
  const [n, size] = [number(modulus), modulus.length];
  return octets((number(await encode(message, size, salt)) * power(factor, n)) % n, size);
}

export async function finishWith(message, modulus, blindSignature, unblinding) {
  const product = number(blindSignature) * number(unblinding);
  const signature = octets(product % number(modulus), modulus.length);
  return (await isSigned(message, signature, modulus)) && signature;
}

export async function isSigned(message, signature, modulus) {
  const how = { name: "RSA-PSS", hash: "SHA-384", saltLength: 48 };
  const jwk = { kty: "RSA", n: base64url(modulus), e: "AQAB" };
  const key = await subtle.importKey("jwk", jwk, how, false, ["verify"]);
  return subtle.verify(how, key, signature, message);
}

// A modulus of another size could mark people, or hide a weak key.
function check(modulus) {
  if (modulus.length !== 256 || modulus[0] < 128 || modulus[255] % 2 === 0) throw new Error("modulus");
}

// A blinded message and, as bytes, the number that takes the blinding off.
export async function blind(message, modulus) {
  check(modulus);
  const n = number(modulus);
  for (;;) {
    const factor = number(random(256));
    const unblinding = factor < n && inverse(factor, n);
    if (unblinding) {
      const blinded = await blindWith(message, modulus, random(48), factor);
      return { blinded, unblinding: octets(unblinding, 256) };
    }
  }
}

// The signature on the message; false where the blind signature is not one by this key.
export async function finish(message, modulus, ...signed) {
  check(modulus);
  return finishWith(message, modulus, ...signed);
}

// A seal: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

const P256 = { name: "ECDH", namedCurve: "P-256" };
const NOTHING = new Uint8Array(0);
const KEM = join(utf8("KEM"), [0, 16]);
const SUITE = join(utf8("HPKE"), [0, 16, 0, 1, 0, 2]);
const labeled = (suite, label, body) => join(utf8("HPKE-v1"), suite, utf8(label), body);

// HKDF-Extract with no salt: HMAC under zeros.
async function extract(label, body) {
  const key = await subtle.importKey("raw", new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", key, labeled(SUITE, label, body)));
}

async function derive(secret, salt, suite, label, body, size) {
  const info = join([0, size], labeled(suite, label, body));
  const key = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * size));
}

// The seal with a given key pair; `additionalData` is empty in all our formats.
export async function sealWith(pair, publicKey, info, plain, additionalData = NOTHING) {
  const encapsulated = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const recipient = await subtle.importKey("raw", publicKey, P256, true, []);
  const agreed = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: recipient }, pair.privateKey, 256));
  const both = join(encapsulated, publicKey);
  const shared = await derive(labeled(KEM, "eae_prk", agreed), NOTHING, KEM, "shared_secret", both, 32);
  const context = join([0], await extract("psk_id_hash", NOTHING), await extract("info_hash", info));
  const start = labeled(SUITE, "secret", NOTHING);
  const key = await derive(start, shared, SUITE, "key", context, 32);
  const iv = await derive(start, shared, SUITE, "base_nonce", context, 12);
  const cipher = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const how = { name: "AES-GCM", iv, additionalData };
  return join(encapsulated, new Uint8Array(await subtle.encrypt(how, cipher, plain)));
}

// `plain` sealed to a public key of 65 bytes: encapsulated key, ciphertext, tag.
export async function seal(publicKey, info, plain) {
  return sealWith(await subtle.generateKey(P256, false, ["deriveBits"]), publicKey, info, plain);
}

// The formats of a survey

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

// A frozen paper with its hash and keys (no issuing keys in a survey without passes); null where the hash is not
// each of those that were announced, in base64url.
export async function readPaper(bytes, ...announced) {
  const hash = await sha256(bytes);
  if (announced.some((one) => one && one !== base64url(hash))) return null;
  const content = JSON.parse(new TextDecoder().decode(bytes));
  const { counting_key, parties, door_key, issuing } = content.seals;
  const keys = [counting_key, ...parties].map(unhex);
  const [ofPass, ofReceipt] = [issuing.pass, issuing.receipt].map((n) => unhex(n || ""));
  return { hash, content, keys, survey: unhex(content.survey), door: unhex(door_key), issuing: { ofPass, ofReceipt } };
}

// Answers in the order of the questions: nothing, the number of an option, several numbers, or a text.
export const encodeAnswers = (questions, answers) =>
  join(...questions.map((question) => encoded(question, answers[question.id], answers[`${question.id}?`])));

function encoded({ kind, options, limit }, answer = null, mayQuote) {
  if (kind === "several") {
    const field = new Uint8Array(1 + Math.ceil(options.length / 8));
    if (answer) field[0] = 1;
    for (const option of answer || []) field[1 + (option >> 3)] |= 1 << option % 8;
    return field;
  }
  if (kind !== "text") return [answer === null ? 255 : answer];
  const said = utf8(answer || "");
  if (said.length > limit) throw new Error("text");
  return join([said.length >> 8 | (mayQuote && said[0] && 128), said.length], said, new Uint8Array(limit - said.length));
}

// What the innermost seal holds. `kind` is 1 for an answer by pass; 2 by code, whose signature is 256 zeros.
export const plainAnswer = (kind, receipt, signature, answers) => join([kind], receipt, signature, answers);

// A plain answer through all seals: the counting key's first, the first party's last, outermost.
export async function sealAnswer({ keys, hash }, plain) {
  let item = plain;
  for (const layer of [0, ...Object.keys(keys).slice(1).reverse()]) {
    item = await seal(keys[layer], join(utf8("cg1:hpke\0"), [3], hash, [layer], keys[layer]), item);
  }
  return item;
}

export const passMessage = ({ hash }, key) => sha256(utf8("cg1:pass\0"), hash, key);
export const receiptMessage = ({ hash }, receipt) => sha256(utf8("cg1:receipt\0"), hash, receipt);

// A pass is a signing key. What has to be kept to sign with it: d, x and y, 32 bytes each.
export async function newPass() {
  const pair = await subtle.generateKey(ECDSA, true, ["sign"]);
  const { d, x, y } = await subtle.exportKey("jwk", pair.privateKey);
  return join(...[d, x, y].map(unbase64url));
}

export const publicKeyOf = (secret) => join([4], secret.subarray(32));

async function sign(secret, message) {
  const [d, x, y] = cut(secret, 32, 32, 32).map(base64url);
  const key = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", d, x, y }, ECDSA, false, ["sign"]);
  return new Uint8Array(await subtle.sign(ECDSA, key, message));
}

// An answer as it is sent: key, signature on the key, version, sealed item, signature by the key.
export async function passRow({ hash }, { secret, signature }, version, item) {
  const signed = await sign(secret, join(utf8("cg1:answer\0"), hash, u32(version), item));
  return join(publicKeyOf(secret), signature, u32(version), item, signed);
}

// Whether the survey's door signed that this row is stored.
export async function isAcknowledged({ door, hash }, row, signature) {
  const [key, , version, item] = cut(row, 65, 256, 4, row.length - 389);
  const message = join(utf8("cg1:ack\0"), hash, await sha256(key), version, await sha256(item));
  return subtle.verify(ECDSA, await subtle.importKey("raw", door, ECDSA, false, ["verify"]), signature, message);
}
