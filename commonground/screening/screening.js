// Flags in a text by the rules of rules.json, the same as screening.py gives. Nothing is sent anywhere.
const WORD = /\p{L}+(?:['’.-]\p{L}+)*/gu;
const SENTENCE_END = '.!?:;\n"“”¿¡•-';

export const folded = (word) => word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

// The rules ready for use: ‹ and › are edges of a word, in any alphabet.
export function readRules({ patterns, given, unsure, ordinary }) {
  const bounded = (text) => text.replace(/‹/g, "(?<![\\p{L}\\p{N}])").replace(/›/g, "(?![\\p{L}\\p{N}])");
  const set = (words) => new Set(words);
  return {
    patterns: patterns.map(([kind, text]) => [kind, new RegExp(bounded(text), "giu")]),
    given: set(given), unsure: set(unsure), ordinary: set(ordinary),
  };
}

// Every place [start, end, kind] that should be looked at, in order; `known` holds words of the text that are names.
export function flags(text, rules, known = new Set()) {
  const found = rules.patterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map((each) => [each.index, each.index + each[0].length, kind]));
  return merged(found.concat(names(text, rules, known)), text);
}

const isCapital = (sign) => /^\p{Lu}/u.test(sign);

function names(text, { given, unsure, ordinary }, known) {
  const found = [];
  for (const { 0: whole, index } of text.matchAll(WORD)) {
    const word = folded(whole.replace(/['’]s$/, "")), end = index + whole.length;
    if (ordinary.has(word) || word.length < 2) continue;
    const capital = isCapital(whole) && !(whole === whole.toUpperCase() && whole.length < 5);
    const sure = capital || !unsure.has(word);
    const isName = (given.has(word) && sure) || (word.length > 2 && known.has(word) && sure);
    const after = capital && nextCapital(text, end, ordinary);
    if (isName || (capital && !begins(text, index))) found.push([index, end, "name"]);
    else if (after) found.push([index, after, "name"]);
  }
  return found;
}

function begins(text, start) {
  const before = text.slice(0, start).replace(/[ \t('‘]+$/, "");
  return !before || SENTENCE_END.includes(before[before.length - 1]);
}

function nextCapital(text, end, ordinary) {
  const [next] = text[end] === " " ? text.slice(end + 1).match(/^\p{L}+(?:['’.-]\p{L}+)*/u) || [] : [];
  return next && isCapital(next) && next.length > 1 && !ordinary.has(folded(next)) ? end + 1 + next.length : 0;
}

function merged(found, text) {
  const kept = [];
  for (const [start, end, kind] of found.sort(([a, b], [c, d]) => a - c || b - d)) {
    const last = kept[kept.length - 1];
    if (last && (start < last[1] || isOneName(last, [start, end, kind], text))) last[1] = Math.max(last[1], end);
    else kept.push([start, end, kind]);
  }
  return kept;
}

const isOneName = ([, end, kind], [start, , other], text) =>
  kind === "name" && other === "name" && /^ (?:\p{L}\.? )?$/u.test(text.slice(end, start));

export const foldedWords = (text) => [...text.matchAll(WORD)].map(([word]) => folded(word.replace(/['’]s$/, "")));
