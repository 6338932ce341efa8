// A QR code of a long text: byte mode, the weakest correction, versions 10 to 40 (ISO/IEC 18004).
const CORRECTION = [18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];
const FIRST = 10;

// Arithmetic of GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1.
const EXP = [1];
for (let i = 1; i < 255; i++) EXP.push((EXP[i - 1] << 1) ^ (EXP[i - 1] & 128 ? 0x11d : 0));
const LOG = EXP.reduce((logs, value, i) => Object.assign(logs, { [value]: i }), {});
const times = (a, b) => (a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0);

function generator(degree) {
  let made = [1];
  for (let i = 0; i < degree; i++) made = [...made, 0].map((value, at) => value ^ times(made[at - 1] || 0, EXP[i]));
  return made;
}

function correction(data, divisor) {
  const rest = [...data, ...divisor.slice(1).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    divisor.forEach((value, at) => { rest[i + at] ^= times(value, factor); });
  }
  return rest.slice(data.length);
}

// The rows and columns in which alignment patterns stand.
function alignment(version) {
  const count = Math.floor(version / 7) + 2;
  const last = 4 * version + 10;
  const gap = version === 32 ? 26 : 2 * Math.ceil((last - 6) / (2 * (count - 1)));
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - gap * (count - 2 - i))];
}

function codewords(version) {
  const count = Math.floor(version / 7) + 2;
  const aligned = (25 * count - 10) * count - 55;
  return ((16 * version + 128) * version + 64 - aligned - (version > 6 ? 36 : 0)) >> 3;
}

// All codewords: data in blocks with their correction, interleaved.
function interleaved(bytes, version) {
  const [degree, blocks, total] = [CORRECTION[version - FIRST], BLOCKS[version - FIRST], codewords(version)];
  const room = total - degree * blocks;
  const bits = [4, bytes.length >> 12, (bytes.length >> 8) & 15, (bytes.length >> 4) & 15, bytes.length & 15];
  for (const byte of bytes) bits.push(byte >> 4, byte & 15);
  bits.push(0);
  const data = Array.from({ length: bits.length / 2 }, (_, i) => (bits[2 * i] << 4) | bits[2 * i + 1]);
  for (let i = 0; data.length < room; i++) data.push(i % 2 ? 0x11 : 0xec);
  const [short, divisor] = [Math.floor(room / blocks), generator(degree)];
  let at = 0;
  const parts = Array.from({ length: blocks }, (_, i) => data.slice(at, (at += short + (i >= blocks - (room % blocks)))));
  const ends = parts.map((part) => correction(part, divisor));
  const across = (rows, length) => Array.from({ length }, (_, i) => rows.map((row) => row[i])).flat();
  return [...across(parts, short + 1).filter((value) => value !== undefined), ...across(ends, degree)];
}

function remainder(value, divisor, bits) {
  let rest = value << bits;
  const top = 31 - Math.clz32(divisor);
  for (let i = 31 - Math.clz32(rest); i >= top; i = 31 - Math.clz32(rest)) rest ^= divisor << (i - top);
  return (value << bits) | rest;
}

// Rows of true (dark) and false, with the mask of alternating squares.
export function squares(text) {
  const bytes = new TextEncoder().encode(text);
  let version = FIRST;
  while (codewords(version) - CORRECTION[version - FIRST] * BLOCKS[version - FIRST] < bytes.length + 3) version += 1;
  const size = 4 * version + 17;
  const grid = Array.from({ length: size }, () => new Array(size));
  const put = (x, y, dark) => { if (grid[y] && x >= 0 && x < size) grid[y][x] = Boolean(dark); };
  const ring = (x, y, reach, isDark) => {
    for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) put(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (let i = 0; i < size; i++) {
    put(i, 6, i % 2 === 0);
    put(6, i, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) ring(x, y, 4, (far) => far !== 2 && far !== 4);
  const centers = alignment(version);
  const end = size - 7;
  for (const x of centers) for (const y of centers) {
    if (!((x === 6 && (y === 6 || y === end)) || (x === end && y === 6))) ring(x, y, 2, (far) => far !== 1);
  }
  const format = remainder(8, 0x537, 10) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const dark = (format >> i) & 1;
    const near = i < 6 ? i : i < 8 ? i + 1 : size - 15 + i;
    put(8, near, dark);
    put(i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i, 8, dark);
  }
  put(8, size - 8, true);
  const told = remainder(version, 0x1f25, 12);
  for (let i = 0; i < 18; i++) {
    const [far, near] = [size - 11 + (i % 3), Math.floor(i / 3)];
    put(far, near, (told >> i) & 1);
    put(near, far, (told >> i) & 1);
  }
  const stream = interleaved(bytes, version);
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) for (const x of [right, right - 1]) {
      const y = (right + 1) & 2 ? step : size - 1 - step;
      if (grid[y][x] !== undefined) continue;
      const bit = at < 8 * stream.length && (stream[at >> 3] >> (7 - (at & 7))) & 1;
      grid[y][x] = Boolean(bit ^ ((x + y) % 2 === 0));
      at += 1;
    }
  }
  return grid;
}

// The code as a picture, with its quiet zone of four squares.
export function draw(text) {
  const rows = squares(text);
  const dark = rows.map((row, y) => row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : "")).join("")).join("");
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", `0 0 ${rows.length + 8} ${rows.length + 8}`);
  svg.setAttribute("class", "qr");
  path.setAttribute("d", dark);
  svg.append(path);
  return svg;
}
