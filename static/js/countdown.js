// Seconds that are left, as a ring and in words. The server's clock counts: the phone's may be wrong.
const tick = () => {
  for (const piece of document.querySelectorAll("[data-until]")) {
    piece.skew ??= Date.parse(piece.dataset.now) - Date.now();
    const left = Math.max(0, (Date.parse(piece.dataset.until) - Date.now() - piece.skew) / 1000);
    const part = Math.min(1, left / Number(piece.dataset.from));
    piece.querySelector(".countdown-left").setAttribute("stroke-dasharray", `${part * 100} 100`);
    piece.querySelector("[role=timer]").textContent = piece.dataset.says.replace("{n}", Math.ceil(left));
    piece.toggleAttribute("data-last", left < 10);
  }
};
setInterval(tick, 250);
tick();
