// Shops that were looked at, kept on this device only: a storefront notes itself, lists offer the notes again.
import { forget, keep, recall } from "./recent.js";

const SEEN = "seen";
const shop = document.querySelector("[data-shop-seen]")?.dataset;
if (shop) keep(SEEN, { slug: shop.shopSeen, name: shop.name, kind: shop.kind }, (one) => one.slug === shop.shopSeen);

for (const panel of document.querySelectorAll("[data-seen]")) {
  const rows = recall(SEEN).map(({ slug, name, kind }) => {
    const row = panel.querySelector("template").content.cloneNode(true);
    Object.assign(row.querySelector("a"), { href: `/s/${encodeURIComponent(slug)}/`, textContent: name });
    row.querySelector("p").textContent = kind;
    return row;
  });
  panel.querySelector("ul").replaceChildren(...rows);
  panel.hidden = rows.length === 0;
  panel.querySelector("[data-forget-seen]").addEventListener("click", () => { forget(SEEN); panel.hidden = true; });
}
