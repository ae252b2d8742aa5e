// The card changes while its maker types and chooses. Without this file every step shows it after saving.
const cards = () => document.querySelectorAll("form[data-designer] .member-card, [data-designer-preview] .member-card");
const SVG = "http://www.w3.org/2000/svg";
const INKS = { light: "#ffffff", dark: "#17201c" };

const light = (hex) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

function write(card, part, text) {
  let line = card.querySelector(`.member-card-${part}`);
  if (!line) {
    line = document.createElement("div");
    line.className = `member-card-${part}`;
    card.querySelector(".member-card-head > div").append(line);
  }
  line.textContent = text;
}

function paint(form, card) {
  const { own, base } = form.elements;
  if (card.dataset.layout === "full") return;
  card.dataset.was ??= `${card.dataset.face} ${card.dataset.ink}`;
  let ground = card.querySelector(".member-card-ground");
  if (!own.checked) {
    const [face, ink] = card.dataset.was === "own light" || card.dataset.was === "own dark" ? ["jade", "light"] : card.dataset.was.split(" ");
    [card.dataset.face, card.dataset.ink] = [face, ink];
    ground?.remove();
    return;
  }
  if (!ground) {
    ground = document.createElementNS(SVG, "svg");
    ground.setAttribute("class", "member-card-ground");
    const sheet = document.createElementNS(SVG, "rect");
    sheet.setAttribute("width", "100%");
    sheet.setAttribute("height", "100%");
    ground.append(sheet);
    card.prepend(ground);
  }
  ground.firstElementChild.setAttribute("fill", base.value);
  card.dataset.face = "own";
  card.dataset.ink = contrast(INKS.light, base.value) >= contrast(INKS.dark, base.value) ? "light" : "dark";
}

function judge(form) {
  const says = form.querySelector("[data-contrast]");
  const { own, base } = form.elements;
  if (!says) return;
  const ratio = Math.max(contrast(INKS.light, base.value), contrast(INKS.dark, base.value));
  const words = ratio >= 4.5 ? says.dataset.good : says.dataset.bad;
  says.textContent = own.checked ? words.replace("{}", ratio.toFixed(1)) : "";
}

for (const form of document.querySelectorAll("form[data-designer]")) {
  form.addEventListener("input", ({ target }) => {
    if (target.name === "base") form.elements.own.checked = true;
    for (const card of cards()) {
      if (target.name === "name" || target.name === "slogan") write(card, target.name, target.value);
      if (target.name === "pattern") redraw(card, target.value);
      if (target.name === "own" || target.name === "base") paint(form, card);
    }
    judge(form);
  });
  judge(form);
}

function redraw(card, pattern) {
  let drawing = card.querySelector(".member-card-pattern");
  if (pattern === "none") {
    drawing?.setAttribute("hidden", "");
    return;
  }
  if (!drawing) return;
  drawing.removeAttribute("hidden");
  const use = drawing.firstElementChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${pattern}`));
}

// The frame over the picture follows the three controls, and the other way round when it is dragged.
const RATIO = 1020 / 643;
const inSteps = (value) => Math.round(value / 5) * 5;
for (const box of document.querySelectorAll("[data-cropper]")) {
  const { x, y, width } = box.closest("form").elements;
  const frame = box.querySelector(".cropper-frame");
  const tall = () => (Number(width.value) * box.dataset.width) / RATIO / box.dataset.height;
  const show = () => {
    width.max = Math.min(1000, Math.floor((1000 * box.dataset.height * RATIO) / box.dataset.width));
    x.max = Math.max(0, 1000 - width.value);
    y.max = Math.max(0, inSteps(1000 - tall() - 3));
    frame.style.left = `${x.value / 10}%`;
    frame.style.top = `${y.value / 10}%`;
    frame.style.width = `${width.value / 10}%`;
    frame.style.height = `${tall() / 10}%`;
  };
  box.closest("form").addEventListener("input", show);
  let from = null;
  box.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    from = { left: Number(x.value), top: Number(y.value), at: [event.clientX, event.clientY] };
  });
  box.addEventListener("pointermove", (event) => {
    if (!from) return;
    const { width: wide, height: high } = box.getBoundingClientRect();
    x.value = inSteps(from.left + ((event.clientX - from.at[0]) / wide) * 1000);
    y.value = inSteps(from.top + ((event.clientY - from.at[1]) / high) * 1000);
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => (from = null));
  show();
}
