// Notifications of this browser: asked for by a button only, bound to the account on the server, and taken back there.
// <div data-push data-key="…" data-bound="yes|no" data-purpose="coupons"> holds [data-push-on], [data-push-off] and
// one [data-push-says="on|off|denied|failed|unsupported"] per state.
const raw = (text) => {
  const base = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base), (char) => char.charCodeAt(0));
};
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const tell = async (box, path, fields) => {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(path, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
};

const show = (box, state) => {
  for (const one of box.querySelectorAll("[data-push-says]")) one.hidden = one.dataset.pushSays !== state;
  const on = box.querySelector("[data-push-on]");
  const off = box.querySelector("[data-push-off]");
  if (on) on.hidden = !(state === "off" || state === "failed");
  if (off) off.hidden = state !== "on";
  box.dataset.state = state;
};

const turnOn = async (box) => {
  if ((await Notification.requestPermission()) !== "granted") return show(box, "denied");
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw(box.dataset.key) });
  const fields = {
    endpoint: subscription.endpoint,
    p256dh: text(subscription.getKey("p256dh")),
    auth: text(subscription.getKey("auth")),
    purpose: box.dataset.purpose ?? "",
  };
  await tell(box, "/me/push/", fields);
  return show(box, "on");
};

const turnOff = async (box) => {
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.getSubscription();
  if (subscription) {
    await tell(box, "/me/push/forget/", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(box, "off");
};

const begin = (box) => {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) return show(box, "unsupported");
  if (Notification.permission === "denied") return show(box, "denied");
  show(box, box.dataset.bound === "yes" && Notification.permission === "granted" ? "on" : "off");
  const failed = () => show(box, "failed");
  box.querySelector("[data-push-on]")?.addEventListener("click", () => turnOn(box).catch(failed));
  box.querySelector("[data-push-off]")?.addEventListener("click", () => turnOff(box).catch(failed));
  return undefined;
};

for (const box of document.querySelectorAll("[data-push]")) begin(box);
