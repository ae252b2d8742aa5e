// Toasts leave after eight seconds, but not while somebody reads them; what they said is also in a list.
const READING = 8000;
const leave = (toast) => toast.remove();
const start = (toast) => {
  let timer = setTimeout(leave, READING, toast);
  const hold = () => clearTimeout(timer);
  const go = () => {
    hold();
    timer = setTimeout(leave, READING, toast);
  };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, go);
};
const tray = document.getElementById("toasts");
tray?.querySelectorAll("[data-toast]").forEach(start);

export const say = (text) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("p"), { textContent: text }));
  tray?.replaceChildren(toast);
  start(toast);
};

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast, .banner")?.remove();
});
addEventListener("htmx:responseError", () => say(document.body.dataset.failed));
addEventListener("htmx:sendError", () => say(document.body.dataset.unreachable));
