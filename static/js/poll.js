// A piece that asks again while it is in sight: after 1, 2 and 4 seconds, then every 5. Nothing is asked in the background.
const pauses = [1000, 2000, 4000, 5000];
let turn = 0;
const seen = () =>
  document.visibilityState === "visible"
    ? Promise.resolve()
    : new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
const next = () => {
  const piece = document.querySelector("[data-poll]");
  if (!piece) return;
  setTimeout(async () => {
    await seen();
    window.htmx.trigger("[data-poll]", "poll");
  }, pauses[Math.min(turn++, pauses.length - 1)]);
};
addEventListener("htmx:afterRequest", ({ detail }) => detail.target.id && next());
next();
