// The card's code, new each minute, made here without a network: token, then the first 40 bits of an HMAC over token
// and minute. The key came once, when there was a network; this browser signs with it and never shows it again.
// The same in Python: loyalty/cards/rotating.py; tests/loyalty/code_vectors.json holds both to it.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const STEP = 60_000;
const HMAC = { name: "HMAC", hash: "SHA-256" };
const NAME = "card-codes";

export const proofOf = async (key, token, minute) => {
  const said = new TextEncoder().encode(`card/${token}/${minute}`);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, said)).slice(0, 5);
  const number = digest.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return [...Array(8).keys()].map((place) => ALPHABET[Number((number >> BigInt(35 - 5 * place)) & 31n)]).join("");
};

// --- What this phone keeps: one key for each card, and how wrong its clock is.
const opened = new Promise((done, failed) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("keys", { keyPath: "token" });
  asked.onsuccess = () => {
    asked.result.onversionchange = () => asked.result.close(); // signing out takes the keys away
    done(asked.result);
  };
  asked.onerror = () => failed(asked.error);
});
const keys = async (mode, act) => {
  const store = (await opened).transaction("keys", mode).objectStore("keys");
  return new Promise((done, failed) => {
    const asked = act(store);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
};

const enrol = async (page) => {
  const form = page.querySelector("[data-enrol]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(`no key: ${answer.status}`);
  const { id, key } = await answer.json();
  const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  const held = await crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]);
  raw.fill(0);
  return { token: page.dataset.code, id, key: held };
};

// A page from the network tells the time and which keys are live; a kept one tells neither.
const held = async (page) => {
  const { code, live, now } = page.dataset;
  let mine = await keys("readonly", (store) => store.get(code));
  if (document.querySelector("[data-as-of]") || !navigator.onLine) return mine;
  if (!mine || !live.split(" ").includes(String(mine.id))) mine = await enrol(page);
  mine.skew = Date.parse(now) - performance.timeOrigin;
  await keys("readwrite", (store) => store.put(mine));
  return mine;
};

// --- Drawing: one path, a quiet zone of four modules, as the server draws it.
const draw = (qrcode, place, text) => {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size + 8} ${size + 8}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const ink = document.createElementNS("http://www.w3.org/2000/svg", "path");
  ink.setAttribute("d", path);
  svg.append(ink);
  place.replaceChildren(svg);
};

const run = async (page) => {
  const { default: qrcode } = await import(page.dataset.qr);
  const mine = await held(page);
  if (!mine) return;
  const place = page.querySelector(".qr-sheet-code"), turns = page.querySelector("[data-turns]");
  let shown = 0;
  const tick = async () => {
    const now = Date.now() + mine.skew, minute = Math.floor(now / STEP);
    turns.textContent = turns.dataset.says.replace("{n}", Math.ceil((STEP - (now % STEP)) / 1000));
    if (minute === shown) return;
    shown = minute;
    const text = page.dataset.url + (await proofOf(mine.key, mine.token, minute));
    draw(qrcode, place, text);
    page.dataset.shows = text;
    turns.hidden = false;
  };
  await tick();
  setInterval(tick, 500);
};

// Without a key the code that the server drew stays: it says who the card belongs to, and pays nothing.
const page = document.querySelector("[data-code]");
if (page && globalThis.crypto?.subtle) run(page).catch((fault) => console.warn(`code: ${fault.message}`));
