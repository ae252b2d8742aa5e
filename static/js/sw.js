// The service worker: cards and coupons without a network, and notifications. Served at /sw.js with CONFIG before it.
// What is kept, and for how long:
//   shell-<version>  style, scripts, icons, the offline page; replaced as a whole by the next version
//   mine             the person's cards and coupons: network first, after 1.5 s the copy, stamped "as of"
//   seen             the last public pages of a signed-in person: only without a network, stamped "as of"
//   who              whose browser this is, as an opaque name; another name, or none, empties all of the above
//   pages            public pages of visitors: at once for a minute, later only when the network fails; 50, 7 days
//   images           first from here; 5 MB, the oldest go first
// Whatever is sent (POST) goes to the network, is never kept, and empties what it may have made untrue.
/* global CONFIG */
const SHELL = `shell-${CONFIG.version}`;
const MINE = "mine";
const PAGES = "pages";
const IMAGES = "images";
const SEEN = "seen";
const WHO = "who";
const PATIENCE = 1500;
const FRESH = 60_000;
const PAGE_LIFE = 7 * 24 * 3600_000;
const MOST_PAGES = 50;
const MOST_MINE = 60;
const MOST_SEEN = 20;
const IMAGE_BYTES = 5 * 1024 * 1024;
const KEYS = "card-codes"; // the database of js/code.js
const OFFLINE_MINE = ["/me/cards/", "/me/coupons/"];
const NOT_PUBLIC = ["/me/", "/m/", "/staff/", "/accounts/", "/q/", "/Q/", "/u/", "/demo/", "/jobs/", "/invitation/"];
const KEPT_AT = "X-Kept-At";
const SIZE = "X-Size";
let writing = Promise.resolve();

const starts = (url, prefixes) => prefixes.some((prefix) => url.pathname.startsWith(prefix));
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const forget = (...names) => Promise.all(names.map((name) => caches.delete(name)));

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(CONFIG.shell)));
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await forget(...names.filter((name) => name.startsWith("shell-") && name !== SHELL));
    await clients.claim();
  };
  event.waitUntil(tidy());
});

addEventListener("message", (event) => {
  if (event.data === "refresh") skipWaiting(); // only when the person pressed the button
  if (event.data?.keep) event.waitUntil(keepNow(new URL(event.data.keep, location.origin)));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method !== "GET") {
    writing = afterWrite(url);
    event.waitUntil(writing);
  } else if (url.pathname.startsWith(CONFIG.static)) {
    event.respondWith(asset(request, url));
  } else if (request.destination === "image") {
    event.respondWith(image(event));
  } else if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  }
});

// Signing in or out changes whose browser this is: nothing personal may outlive it, and nobody is notified on.
async function afterWrite(url) {
  if (!url.pathname.startsWith("/accounts/")) {
    await forget(PAGES, SEEN);
    if (url.pathname === "/preferences/") await caches.open(SHELL).then((cache) => cache.delete(CONFIG.offline));
    return;
  }
  indexedDB.deleteDatabase(KEYS);
  await forget(PAGES, MINE, IMAGES, SEEN, WHO);
  if (url.pathname.startsWith("/accounts/logout/")) {
    const subscription = await registration.pushManager?.getSubscription();
    await subscription?.unsubscribe();
    for (const notification of await registration.getNotifications()) notification.close();
  }
}

// A name with the content's hash in it never goes stale; any other name is asked for first.
async function asset(request, url) {
  const kept = await caches.match(request, { cacheName: SHELL });
  if (kept && /\.[0-9a-f]{12}\./.test(url.pathname)) return kept;
  return fetch(request).catch((fault) => {
    if (kept) return kept;
    throw fault;
  });
}

async function image(event) {
  const kept = await caches.match(event.request, { cacheName: IMAGES });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok && answer.type === "basic" && !isPrivate(answer)) event.waitUntil(keepImage(event.request, answer.clone()));
  return answer;
}

async function keepImage(request, answer) {
  const body = await answer.blob();
  if (body.size > IMAGE_BYTES / 5) return;
  const cache = await caches.open(IMAGES);
  await cache.put(request, stamped(answer, body, { [SIZE]: body.size }));
  const all = await cache.keys();
  const sizes = await Promise.all(all.map(async (one) => Number((await cache.match(one))?.headers.get(SIZE) ?? 0)));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; total > IMAGE_BYTES && i < all.length; i += 1) {
    await cache.delete(all[i]);
    total -= sizes[i];
  }
}

async function page(event, url) {
  await writing;
  if (starts(url, OFFLINE_MINE)) return firstOf(event, MINE, fetchAndKeep(event.request, MINE, MOST_MINE));
  if (starts(url, NOT_PUBLIC) || url.searchParams.has("near")) return fetch(event.request).then(belongs, offline);
  const kept = await caches.match(event.request, { cacheName: PAGES });
  const answer = fetchAndKeep(event.request, PAGES, MOST_PAGES);
  if (kept && age(kept) < FRESH && event.request.cache === "default") {
    event.waitUntil(answer.catch(() => {}));
    return kept;
  }
  return firstOf(event, PAGES, answer);
}

// The network, or after a while what is kept here, or the page that says we are offline.
async function firstOf(event, name, answer) {
  event.waitUntil(answer.catch(() => {}));
  const there = async (cacheName) => caches.match(event.request, { cacheName, ignoreVary: true });
  const kept = (await there(name)) ?? (name === PAGES ? await there(SEEN) : undefined);
  const usable = kept && age(kept) < PAGE_LIFE ? kept : null;
  try {
    const first = await Promise.race(usable ? [answer, sleep(PATIENCE)] : [answer]);
    return first ?? (await asOf(usable));
  } catch {
    return usable ? asOf(usable) : offline();
  }
}

async function fetchAndKeep(request, name, most) {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" && name === MINE) await forget(MINE, SEEN); // signed out elsewhere
  await belongs(answer);
  if (!answer.ok || answer.type !== "basic") return answer;
  if (name === PAGES && isPrivate(answer)) {
    if (!answer.headers.get("X-Person")) return answer;
    [name, most] = [SEEN, MOST_SEEN];
  }
  if (name === MINE && /\/code\/$/.test(answer.url)) await keepParts();
  const copy = answer.clone();
  const cache = await caches.open(name);
  await cache.put(request, stamped(copy, await copy.blob()));
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - most)).map((one) => cache.delete(one)));
  return answer;
}

// What draws the code on the phone, fetched with the first code that is kept and kept as long as this version.
async function keepParts() {
  const cache = await caches.open(SHELL);
  const there = await Promise.all(CONFIG.parts.map((part) => cache.match(part)));
  await Promise.all(CONFIG.parts.filter((part, i) => !there[i]).map((part) => cache.add(part).catch(() => {})));
}

// A session may end elsewhere, or somebody else sign in: the next answer of the portal says whose browser this is.
async function belongs(answer) {
  if (!answer.ok || answer.type !== "basic" || answer.url.endsWith(CONFIG.offline)) return answer;
  const person = answer.headers.get("X-Person") ?? "";
  const before = (await caches.match("/who", { cacheName: WHO }).then((kept) => kept?.text())) ?? "";
  if (before !== person) {
    if (before) indexedDB.deleteDatabase(KEYS);
    await forget(PAGES, MINE, IMAGES, SEEN);
    await caches.open(WHO).then((cache) => cache.put("/who", new Response(person)));
  }
  return answer;
}

// The page that was open before this worker was there: kept too, so that it is there the first time.
async function keepNow(url) {
  if (url.origin === location.origin && starts(url, OFFLINE_MINE))
    await fetchAndKeep(new Request(url, { redirect: "manual" }), MINE, MOST_MINE).catch(() => {});
}

const isPrivate = (answer) => /no-store|private/.test(answer.headers.get("Cache-Control") ?? "");
const age = (kept) => Date.now() - Date.parse(kept.headers.get(KEPT_AT));

function stamped(answer, body, more = {}) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(body, { status: 200, headers });
}

// "As of 14:02", in the page's own language, at the top of its content.
async function asOf(kept) {
  const html = await kept.text();
  const language = /<html[^>]*\blang="([^"]+)"/.exec(html)?.[1] ?? "zh-Hans";
  const at = new Date(kept.headers.get(KEPT_AT));
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "short", day: "numeric" };
  const time = at.toLocaleString(language, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const words = (CONFIG.asOf[language] ?? CONFIG.asOf.en).replace("{time}", time);
  const note = `<div class="banner" data-kind="offline" data-as-of role="status"><p class="banner-text">${words}</p></div>`;
  return new Response(html.replace(/<main\b[^>]*>/, (main) => main + note), { status: 200, headers: kept.headers });
}

async function offline() {
  return (await caches.match(CONFIG.offline, { ignoreVary: true })) ?? Response.error();
}

addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  // One tag per message: a copy that is sent again replaces the first without a sound.
  const options = {
    body: said.body,
    tag: said.tag,
    lang: said.lang,
    icon: CONFIG.icon,
    badge: CONFIG.badge,
    data: { url: said.url },
  };
  event.waitUntil(registration.showNotification(said.title ?? CONFIG.name, options));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", location.origin);
  event.waitUntil(open(url.origin === location.origin ? url.href : location.origin));
});

async function open(href) {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === href);
  return there ? there.focus() : clients.openWindow(href);
}
