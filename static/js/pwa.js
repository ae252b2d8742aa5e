// Installs the service worker, offers its next version, and leaves nothing behind when somebody signs out.
const notice = () => document.getElementById("new-version");
let refreshing = false;

const offer = (worker) => {
  const banner = notice();
  if (!banner) return;
  banner.hidden = false;
  banner.querySelector("[data-refresh]").onclick = () => {
    refreshing = true;
    worker.postMessage("refresh");
  };
};

const watch = (registration) => {
  if (!registration) return; // the browser's owner has switched workers off
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
};

if ("serviceWorker" in navigator) {
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (refreshing) location.reload(); // only because the person asked for it
  });
  navigator.serviceWorker.register("/sw.js").then(watch, () => {});
  if (first) navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ keep: location.href }));
}

addEventListener("submit", ({ target }) => {
  if (new URL(target.action, location.href).pathname.startsWith("/accounts/logout/")) {
    indexedDB.deleteDatabase("card-codes"); // the keys of js/code.js
    localStorage.clear();
    sessionStorage.clear();
  }
});
