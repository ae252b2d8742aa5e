// The counter listens: to a USB scanner wherever the cursor is, to the camera, to the keys of the map. All of it
// only fills in and sends the page's own forms, which work without it.
import { UNIT, amount, said } from "./amount.js";

const counter = document.querySelector("[data-counter]");
const lookup = document.querySelector("[data-lookup]");
const $ = (selector) => document.querySelector(selector);
const panel = () => document.getElementById("panel");
const typing = (target) => target.matches?.("input:not([type=checkbox]), textarea, select");

// --- One door for every code; the same one again within ten seconds is the same action.
let last = { code: "", at: 0 };
export const look = (code, { again = false } = {}) => {
  const now = Date.now();
  if (!again && code === last.code && now - last.at < 10_000) return;
  last = { code, at: now };
  lookup.elements.code.value = code;
  lookup.requestSubmit();
  lookup.elements.code.value = "";
};

// --- USB scanners type: at least six characters, less than 35 ms apart, then Enter. With a Chinese input method
// on, letters reach us as composition, so the physical key is read instead of the character.
let burst = { text: "", at: 0, before: null };
const SIGNS = { Slash: "/", Minus: "-", Period: ".", NumpadEnter: "", Space: " " };
const character = (event) => {
  if (event.key.length === 1 && !event.isComposing) return event.key;
  const found = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  return found ? found[1] : event.code === "Semicolon" && event.shiftKey ? ":" : (SIGNS[event.code] ?? "");
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const gap = event.timeStamp - burst.at;
  if (event.key === "Enter" || event.code === "Enter") {
    const { text, before } = burst;
    burst = { text: "", at: 0, before: null };
    if (text.length >= 6 && gap < 35) {
      event.preventDefault();
      event.stopPropagation();
      if (event.isComposing) document.activeElement?.blur();
      if (before) before.field.value = before.value;
      before?.field.dispatchEvent(new Event("input", { bubbles: true }));
      look(text);
    }
    return;
  }
  const typed = character(event);
  if (!typed) return;
  if (gap >= 35) {
    const field = typing(event.target) ? event.target : null;
    burst = { text: "", at: 0, before: field && { field, value: field.value } };
  }
  burst.text += typed;
  burst.at = event.timeStamp;
}, true);

// --- The key map. Single keys can be switched off and never act while somebody types.
const single = $("[data-single-keys]");
single.checked = localStorage.getItem("counter-single-keys") !== "off";
single.addEventListener("change", () => localStorage.setItem("counter-single-keys", single.checked ? "on" : "off"));
const act = () => {
  const form = panel().querySelector("[data-sale]");
  if (!form) return;
  if (form.elements.bill.value) form.requestSubmit();
  else form.elements.bill.focus();
};
const keys = {
  F2: () => $("[data-camera]").click(),
  F4: act,
  F6: act,
  F8: () => lookup.elements.code.focus(),
  Escape: () => panel().querySelector("[data-back]")?.click(),
};
const singles = {
  "/": keys.F8,
  "?": () => $("[href='#keys']").click(),
  Enter: () => panel().querySelector("[data-next]")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey && event.key.toLowerCase() === "z") {
    const undo = $("[data-undo]");
    if (!undo || (typing(event.target) && event.target.value)) return;
    event.preventDefault();
    undo.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || $("dialog[open]")) return;
  const quiet = typing(event.target) || event.target.closest("a, button") || (event.key !== "Enter" && !single.checked);
  const deed = keys[event.key] ?? (quiet ? null : singles[event.key]);
  if (!deed) return;
  event.preventDefault();
  deed();
});

// --- What the rule gives, live under the amount. The server decides; this only says it earlier.
const show = (form) => {
  const { kind, percent, most, minimum, hasCoupon, award, awardOne, gives, short, uses, charge } = form.dataset;
  const n = (name) => Number(form.dataset[name]);
  const bill = amount(form.elements.bill.value);
  const pieces = [...form.querySelectorAll("[name=service]")], piece = pieces.find((one) => one.checked);
  const fits = pieces.length ? Math.min(bill, Number(piece?.dataset.price ?? 0)) : bill;
  const ofOne = ["fixed", "gift", "voucher"].includes(kind);
  const missing = hasCoupon ? Math.max(0, Number(minimum) - (ofOne ? bill : fits)) : 0;
  let off = !hasCoupon ? 0 : ofOne ? (pieces.length ? Math.max(0, fits - n("price")) : 0) : percent ? Math.floor((2 * fits * percent + 100) / 200) : kind === "value" ? n("left") : Number(form.dataset.amount);
  off = Math.min(off, fits);
  off = Math.min(off, most ? Number(most) : off, bill);
  off += Math.floor((2 * (bill - off) * n("levelOff") + 100) / 200);
  const steps = n("step") ? Math.min(Math.floor(n("points") / n("step")), Math.floor(Math.floor(((bill - off) * n("share")) / 100) / n("worth"))) : 0;
  const use = steps > 0 && steps * n("step") >= n("least") ? { points: steps * n("step"), off: steps * n("worth") } : null;
  const box = form.elements.use_points;
  const says = form.querySelector("[data-uses-label]");
  if (says) says.dataset.was ??= says.textContent;
  if (says) says.textContent = bill && use ? uses.replace("{n}", use.points).replace("{off}", said(use.off)) : says.dataset.was;
  if (box?.checked && use) off += use.off;
  const paid = bill - off;
  const count = (form.dataset.basis === "amount" ? paid : bill && 1) * n("top");
  const points = form.dataset.rounding === "down" ? Math.floor(count / n("bottom")) : form.dataset.rounding === "up" ? Math.ceil(count / n("bottom")) : Math.floor((2 * count + n("bottom")) / (2 * n("bottom")));
  const words = points === 1 ? awardOne : award.replace("{n}", points);
  const output = form.querySelector("output");
  if (!bill) output.value = "";
  else if (missing) output.value = short.replace("{short}", said(missing));
  else if (off) output.value = gives.replace("{off}", said(off)).replace("{paid}", said(paid)) + (points ? ` · ${words}` : "");
  const label = form.querySelector("[data-act] .button-label");
  if (!hasCoupon && label) label.textContent = bill ? charge?.replace("{paid}", said(paid)) || words : (label.dataset.was ??= label.textContent);
};
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-sale]");
  if (form && target.name === "service" && !form.elements.bill.value) form.elements.bill.value = String(target.dataset.price / UNIT);
  if (form && ["bill", "use_points", "service"].includes(target.name)) show(form);
});

// --- Three tones and a vibration; sound can be off.
const sounds = $("[data-sounds]");
let audio;
const mute = (off) => {
  sounds.setAttribute("aria-pressed", String(!off));
  localStorage.setItem("counter-sound", off ? "off" : "on");
};
mute(localStorage.getItem("counter-sound") === "off");
sounds.addEventListener("click", () => mute(sounds.getAttribute("aria-pressed") === "true"));
const TONES = { ok: [880], check: [660, 660], refuse: [220], unknown: [220] };
const SHAKES = { ok: 50, check: [50, 60, 50], refuse: 200, unknown: 200 };
const ring = (kind) => {
  const silent = sounds.getAttribute("aria-pressed") !== "true" || !navigator.userActivation?.hasBeenActive;
  if (silent || !TONES[kind]) return;
  navigator.vibrate?.(SHAKES[kind]);
  audio ??= new AudioContext();
  TONES[kind].forEach((pitch, turn) => {
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.12;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + turn * 0.16);
    tone.stop(audio.currentTime + turn * 0.16 + 0.12);
  });
};

// --- After each answer: sound, the sum, and back to listening by itself once it could be read.
let timer;
const settle = () => {
  clearTimeout(timer);
  const now = panel();
  const verdict = now.querySelector(".verdict[data-sound]") ?? now.querySelector("[data-sound]");
  if (verdict) ring(verdict.dataset.sound);
  const form = now.querySelector("[data-sale]");
  if (form) show(form);
  const next = now.querySelector("[data-next]");
  if (next) {
    last = { code: last.code, at: Date.now() };
    timer = setTimeout(() => next.isConnected && !$("dialog[open]") && next.click(), Number(next.dataset.next));
  }
};
addEventListener("htmx:afterSettle", ({ detail: { target } }) => target?.id === "panel" && settle());
settle();

// --- The shop is changed by choosing it.
$("[data-submits]")?.addEventListener("change", ({ target }) => target.form.requestSubmit());

// --- The camera, fetched only when it is wanted; wanted again without asking once it was allowed.
const button = $("[data-camera]");
let camera;
const watch = async (on) => {
  button.setAttribute("aria-pressed", String(on));
  localStorage.setItem("counter-camera", on ? "on" : "off");
  if (on) {
    const { open } = await import(counter.dataset.scanner);
    camera = open(document.getElementById("camera"), counter.dataset, look);
  } else {
    camera?.close();
    camera = null;
  }
};
button.addEventListener("click", () => watch(button.getAttribute("aria-pressed") !== "true"));
navigator.permissions?.query({ name: "camera" }).then(
  ({ state }) => state === "granted" && localStorage.getItem("counter-camera") !== "off" && watch(true),
  () => {},
);
