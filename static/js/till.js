// A coupon when there is no network: written down here, signed with the till's key, and sent when it is back.
// The key lives in this page only and can't be read out of it; what is written down survives a reload.
// The same words are signed in Python: orders/offline.py.
import { amount, said } from "./amount.js";

const banner = document.querySelector("[data-waiting]");
const lookup = document.querySelector("[data-lookup]");
const panel = () => document.getElementById("panel");
const HMAC = { name: "HMAC", hash: "SHA-256" };
const EVERY = 15_000; // between two tries to send
const FRESH = 10 * 60_000; // how old a key may get while there is a network

const opened = new Promise((done, failed) => {
  const asked = indexedDB.open("till", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "nonce" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
const kept = async (mode, act) => {
  const store = (await opened).transaction("kept", mode).objectStore("kept");
  return new Promise((done, failed) => {
    const asked = act(store);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
};
const here = async () => (await kept("readonly", (store) => store.getAll())).filter((one) => one.to === banner.dataset.send);

// --- The key: fetched while there is a network; without one this shop takes nothing on trust.
let till = null, fetched = 0;
const stale = () => Date.now() - fetched > FRESH;
const enrol = async () => {
  const answer = await fetch(banner.dataset.key);
  if (!answer.ok) return;
  fetched = Date.now();
  till = null;
  if (answer.status === 204) return;
  const { key, now, ...rest } = await answer.json();
  const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  till = { ...rest, key: await crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]), skew: now - fetched, from: now };
};

const sign = async (one) => {
  const words = new TextEncoder().encode(`offline/${one.nonce}/${one.code}/${one.bill}/${one.given}/${one.used_at}`);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", till.key, words));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// --- What waits, said at the top of the counter.
const say = (text) => {
  banner.querySelector(".banner-text").textContent = text;
  banner.hidden = !text;
};
const count = async () => {
  const waiting = (await here()).length;
  say(waiting ? banner.dataset.says.replace("{n}", waiting) : "");
};

// --- Sending: each answered by itself; what the portal has is forgotten here, and nothing else is.
let sending = false;
const send = async () => {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    if (stale()) await enrol();
    const waiting = await here();
    if (!waiting.length) return;
    const body = new FormData(lookup);
    body.set("kept", JSON.stringify(waiting.slice(0, 50)));
    const answer = await fetch(banner.dataset.send, { method: "POST", body });
    if (!answer.ok) return;
    const { settled } = await answer.json();
    for (const { nonce } of settled) await kept("readwrite", (store) => store.delete(nonce));
    const of = (...states) => settled.filter(({ state }) => states.includes(state)).length;
    const parts = [["sent", of("settled", "counted", "set_aside")], ["conflicts", of("conflict")], ["broken", of("broken")]];
    say(parts.filter(([, n]) => n).map(([name, n]) => banner.dataset[name].replace("{n}", n)).join(" · "));
    document.body.dispatchEvent(new Event("sale"));
  } catch {
    await count(); // still no network: the next try comes by itself
  } finally {
    sending = false;
  }
};

// --- The counter could not ask: offer to write it down.
const show = (name) => {
  const page = document.querySelector(`[data-offline=${name}]`).content.cloneNode(true);
  panel().replaceWith(page);
  panel().querySelector("[data-focus]")?.focus();
  return panel();
};
const wrong = async ({ bill, given }) => {
  const { amounts, above, much, full, late } = banner.dataset;
  if (!bill || !given) return amounts;
  if (given > bill) return above;
  if (given > till.mostOff) return much.replace("{sum}", said(till.mostOff));
  if ((await here()).length >= till.most) return full.replace("{n}", till.most);
  return Date.now() + till.skew > till.from + till.lasts ? late : "";
};
const keep = async (form, code) => {
  const one = { bill: amount(form.elements.bill.value), given: amount(form.elements.given.value) };
  const problem = form.querySelector("[data-problem]");
  problem.textContent = await wrong(one);
  problem.hidden = !problem.textContent;
  if (problem.textContent) return;
  Object.assign(one, { nonce: crypto.randomUUID(), grant: till.grant, code, used_at: Math.round(Date.now() + till.skew), to: banner.dataset.send });
  one.signature = await sign(one);
  await kept("readwrite", (store) => store.put(one));
  show("kept");
  await count();
};
let listening = panel();
const offer = (code) => {
  lookup.elements.code.value = "";
  if (!panel().querySelector("[data-keep]")) listening = panel();
  const form = show("ask").querySelector("[data-keep]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(form, code);
  });
};

let asked = "";
addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt === lookup) asked = detail.requestConfig.formData.get("code");
});
const isCode = () => /^[0-9a-z]{10}$/i.test(asked.split("/").pop().replaceAll("-", ""));
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.elt !== lookup || !till || !isCode()) return;
    event.stopPropagation(); // nothing else needs to say that there is no network
    offer(asked);
  });
}
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-drop]")) return;
  panel().replaceWith(listening);
  lookup.elements.code.focus();
});

addEventListener("online", send);
setInterval(async () => (stale() || (await here()).length) && send(), EVERY);
await count();
await send();
