// The nearest card on top, and within the shop's walls the way to its code: measured on the phone, only where its
// position was allowed; nothing is sent. The others keep their order.
const here = document.querySelector("[data-here]");
const list = document.querySelector("[data-cards]"), offer = document.querySelector("[data-nearest]");
const NEAR = 2000; // metres: beyond them the last use says more
const INSIDE = 150; // a phone between houses is wrong by as much
const EARTH = 6371000;
const rad = (degrees) => (degrees * Math.PI) / 180;
const metres = ({ latitude, longitude }, place) => {
  const [lon, lat] = place.match(/-?[\d.]+/g).map(Number); // POINT (121.4737 31.2304)
  const half = (a, b) => Math.sin(rad(b - a) / 2) ** 2;
  const arc = half(latitude, lat) + Math.cos(rad(latitude)) * Math.cos(rad(lat)) * half(longitude, lon);
  return 2 * EARTH * Math.asin(Math.sqrt(arc));
};
const sort = ({ coords }) => {
  const cards = [...list.children].map((card, place) => {
    const away = Math.min(...card.dataset.places.split(";").filter(Boolean).map((one) => metres(coords, one)));
    const word = card.querySelector("[data-distance]");
    word.hidden = !(away <= NEAR);
    if (!word.hidden) word.textContent = list.dataset.metres.replace("{n}", Math.round(away / 10) * 10);
    return { card, place, away: away <= NEAR ? away : Infinity };
  });
  cards.sort((a, b) => (a.away === b.away ? a.place - b.place : a.away - b.away));
  list.append(...cards.map(({ card }) => card));
  here.hidden = !(cards[0].away <= INSIDE);
  if (!here.hidden) {
    const way = here.querySelector("a");
    way.href = cards[0].card.querySelector("[data-code]").href;
    way.querySelector(".button-label [data-shop]").textContent = here.dataset.says.replace("{shop}", cards[0].card.dataset.shop);
  }
  offer.hidden = true;
};
const locate = () => navigator.geolocation.getCurrentPosition(sort, () => {}, { maximumAge: 60_000, timeout: 8000 });
if (list && offer && navigator.geolocation) {
  const alone = list.children.length < 2;
  offer.querySelector("button").addEventListener("click", locate);
  navigator.permissions?.query({ name: "geolocation" }).then(({ state }) => {
    if (state === "granted") locate();
    else offer.hidden = state === "denied" || alone;
  }, () => (offer.hidden = alone));
}
