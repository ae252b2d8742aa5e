// Time that is left, as a ring and in words. The server's clock counts: the phone's may be wrong.
const clock = (left) => {
  const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60].map(Math.floor);
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};
const tick = () => {
  for (const piece of document.querySelectorAll("[data-until]")) {
    piece.skew ??= Date.parse(piece.dataset.now) - Date.now();
    const left = Math.max(0, (Date.parse(piece.dataset.until) - Date.now() - piece.skew) / 1000);
    const part = Math.min(1, left / Number(piece.dataset.from));
    const { says, over } = piece.dataset;
    const whole = Math.ceil(left);
    piece.querySelector(".countdown-left").setAttribute("stroke-dasharray", `${part * 100} 100`);
    piece.querySelector("[role=timer]").textContent =
      left || !over ? says.replace("{n}", whole).replace("{time}", clock(whole)) : over;
    piece.toggleAttribute("data-last", left < 10);
  }
};
setInterval(tick, 250);
tick();
