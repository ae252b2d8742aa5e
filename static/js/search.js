// Suggestions while typing. The form works without: Enter leads to the page of results.
import { forget, keep, recall } from "./recent.js";

const PAUSE = 120; // milliseconds without a key before asking
const SEARCHES = "searches";

function open(finder) {
  const field = finder.querySelector("input[type=search]");
  const list = finder.querySelector(".finder-list");
  const status = finder.querySelector("[role=status]");
  let timer, asking;

  const show = (shown) => { list.hidden = !shown; };
  const links = () => [...list.querySelectorAll("a")];

  function recent() {
    const words = recall(SEARCHES);
    list.replaceChildren();
    if (words.length) {
      list.append(finder.querySelector("template").content.cloneNode(true));
      list.querySelector("ul").append(...words.map(entry));
    }
    show(words.length > 0);
  }

  function entry(word) {
    const link = Object.assign(document.createElement("a"), { href: `${field.form.action}?q=${encodeURIComponent(word)}`, textContent: word });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  async function ask() {
    asking?.abort();
    const text = field.value.trim();
    if (!text) return recent();
    asking = new AbortController();
    try {
      const answer = await fetch(`${finder.dataset.finder}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (!answer.ok) return show(false);
      list.innerHTML = await answer.text();
      status.textContent = list.firstElementChild?.dataset.says || "";
      show(document.activeElement === field || list.contains(document.activeElement));
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  }

  field.setAttribute("aria-controls", list.id);
  const typed = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
  // While an input method composes (pinyin before the characters are chosen), the keys are its own.
  field.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  field.addEventListener("compositionend", typed);
  field.addEventListener("focus", () => { if (!field.value.trim()) recent(); });
  field.form.addEventListener("submit", () => { if (field.value.trim()) keep(SEARCHES, field.value.trim()); });
  finder.addEventListener("click", ({ target }) => {
    if (target.closest("[data-forget]")) { forget(SEARCHES); show(false); field.focus(); }
    else if (target.closest("a") && field.value.trim()) keep(SEARCHES, field.value.trim());
  });
  finder.addEventListener("focusout", ({ relatedTarget }) => { if (!finder.contains(relatedTarget)) show(false); });
  finder.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(false); field.focus(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || list.hidden) return;
    const stops = [field, ...links()];
    event.preventDefault();
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });
}

for (const finder of document.querySelectorAll("[data-finder]")) open(finder);
