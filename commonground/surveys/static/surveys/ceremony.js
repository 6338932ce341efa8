/* A keeper's work from the signed-in page: opens keys.html, hands it the task and sends its result to the server.

   <form data-ceremony data-keys-url="..." data-task-url="..." data-result-url="..." data-text-...="...">
   with the CSRF token inside; the button and the line that tells how far it is are made here, before what is marked
   data-otherwise: the way without the button. Sentences:
     data-text-open       on the button
     data-text-blocked    the browser did not open the window
     data-text-working    the window is open
     data-text-sending    {part} of {parts} is on its way
     data-text-failed     sending did not work; the button data-text-again sends the same pieces once more
   An <input type="file"> in the form, where there is one, sends a saved result file in the same pieces.
*/

const PIECE = 1_000_000;
const TRIES = 3;

const uint32 = (n) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/* The file as numbered pieces: SHA-256 of the whole file, index, count, bytes. A piece may be sent again. */
async function cut(file) {
  const hash = await crypto.subtle.digest('SHA-256', file);
  const of = Math.max(1, Math.ceil(file.byteLength / PIECE));
  return Array.from({ length: of }, (_, index) => new Blob([hash, uint32(index), uint32(of), file.slice(index * PIECE, (index + 1) * PIECE)]));
}

async function post(url, token, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, {
      method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream', 'X-CSRFToken': token },
    }).catch(() => null);
    if (answer?.ok) return;
    if (attempt === TRIES || (answer && answer.status < 500)) throw new Error(`not taken: ${answer ? answer.status : 'no line'}`);
    await pause(500 * attempt);
  }
}

class Ceremony {
  constructor(form) {
    this.form = form;
    this.button = document.createElement('button');
    Object.assign(this.button, { type: 'button', className: 'btn', textContent: form.dataset.textOpen });
    this.button.addEventListener('click', () => this.open());
    this.line = document.createElement('p');
    this.line.setAttribute('role', 'status');
    const other = form.querySelector('[data-otherwise]');
    if (other) other.before(this.button, this.line); else form.append(this.button, this.line);
    addEventListener('message', (event) => this.hear(event));
    const chosen = form.querySelector('input[type=file]');
    if (chosen) form.addEventListener('submit', (event) => this.sendChosen(event, chosen));
  }

  say(name, values = {}) {
    this.line.textContent = (this.form.dataset[name] || '').replace(/{(\w+)}/g, (_, key) => values[key]);
  }

  open() {
    if (this.result) return this.send();
    this.window = open(`${this.form.dataset.keysUrl}#${document.documentElement.lang.slice(0, 2)}`);
    this.say(this.window ? 'textWorking' : 'textBlocked');
  }

  hear({ data, origin, source }) {
    if (origin !== location.origin || !this.window || source !== this.window || !data) return;
    if (data.cgReady) this.handOver();
    if (data.cgResult instanceof ArrayBuffer) { this.result = data.cgResult; this.send(); }
  }

  async handOver() {
    const answer = await fetch(this.form.dataset.taskUrl).catch(() => null);
    if (!answer?.ok) return this.say('textFailed');
    const cgTask = await answer.arrayBuffer();
    this.window.postMessage({ cgTask }, location.origin, [cgTask]);
  }

  async sendChosen(event, chosen) {
    if (!chosen.files.length) return;
    event.preventDefault();
    this.result = await chosen.files[0].arrayBuffer();
    this.send();
  }

  async send() {
    const { dataset } = this.form;
    const token = this.form.querySelector('input[name=csrfmiddlewaretoken]').value;
    this.button.disabled = true;
    try {
      const pieces = await cut(this.result);
      for (const [index, piece] of pieces.entries()) {
        this.say('textSending', { part: index + 1, parts: pieces.length });
        await post(dataset.resultUrl, token, piece);
      }
      location.reload();
    } catch {
      this.say('textFailed');
      this.button.textContent = dataset.textAgain;
      this.button.disabled = false;
    }
  }
}

document.querySelectorAll('[data-ceremony]').forEach((form) => new Ceremony(form));
