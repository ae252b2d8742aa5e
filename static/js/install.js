// Offers to put the portal on the home screen: only beside somebody's cards, never over anything, never in the
// browsers of chat apps, and "not now" holds for ninety days.
const LATER = "install-later";
const QUIET = 90 * 24 * 3600_000;
const IN_APP = /MicroMessenger|AlipayClient|aweme|Weibo|QQ\//i.test(navigator.userAgent);
const IOS = /iPhone|iPad|iPod/.test(navigator.userAgent);
let offered;

const isApp = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isLater = () => Date.now() - Number(localStorage.getItem(LATER) ?? 0) < QUIET;

const show = () => {
  const box = document.querySelector("[data-install]");
  if (!box || IN_APP || isApp() || isLater() || !(offered || IOS)) return;
  box.querySelector("[data-install-now]").hidden = !offered;
  box.querySelector("[data-install-how]").hidden = Boolean(offered);
  box.hidden = false;
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // the browser's own bar would come at a moment of its choosing
  offered = event;
  show();
});
addEventListener("appinstalled", () => {
  const box = document.querySelector("[data-install]");
  if (box) box.hidden = true;
});
document.addEventListener("click", async ({ target }) => {
  const box = target.closest?.("[data-install]");
  if (!box) return;
  if (target.closest("[data-install-later]")) localStorage.setItem(LATER, String(Date.now()));
  else if (target.closest("[data-install-now]") && offered) {
    const asked = offered;
    offered = undefined; // it can be asked once
    await asked.prompt();
    if ((await asked.userChoice).outcome !== "accepted") localStorage.setItem(LATER, String(Date.now()));
  } else return;
  box.hidden = true;
});
show();
