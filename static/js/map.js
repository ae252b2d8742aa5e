// The map of a list: for each window the server says which shops stand there, or how many in which square.
// Moving the map searches there, and the list follows. Without Leaflet or an answer the list is all there is.
const FARTHEST = 19;
const SHOWN = 8; // letters of a name on the map; all of it stands in the list and in the pop-up
const PAUSE = 300; // milliseconds of rest before asking

function draw(box) {
  if (box.dataset.drawn || !window.L) return;
  box.dataset.drawn = "yes";
  const L = window.L;
  const plane = box.querySelector(".nearby-map-plane");
  const says = box.querySelector("[role=status]");
  const { tiles, credits, bounds, here, lat, lon } = box.dataset;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  plane.hidden = false;
  says.hidden = true;
  const map = L.map(plane, { maxZoom: FARTHEST, zoomAnimation: !still, fadeAnimation: !still, attributionControl: Boolean(tiles), worldCopyJump: true });
  if (tiles) L.tileLayer(tiles, { maxZoom: FARTHEST, attribution: credits }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  L.marker([lat, lon], { icon: L.divIcon({ className: "map-here", iconSize: [16, 16] }), alt: here, keyboard: false, interactive: false }).addTo(map);
  const [west, south, east, north] = bounds.split(",").map(Number);
  map.fitBounds(L.latLngBounds([south, west], [north, east]).pad(0.15), { maxZoom: 17, animate: false });
  const marks = L.layerGroup().addTo(map);
  let asking, timer;

  async function fill() {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.source}&${windowOf(map)}`, { signal: asking.signal, headers: { Accept: "application/geo+json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { features, filters_apply } = await answer.json();
      marks.clearLayers();
      for (const feature of features) mark(L, map, box, feature).addTo(marks);
      says.textContent = filters_apply ? "" : box.dataset.unfiltered;
      says.hidden = filters_apply;
    } catch (error) {
      if (error.name === "AbortError") return;
      says.textContent = box.dataset.failed;
      says.hidden = false;
    }
  }

  fill();
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { fill(); follow(box, map.getCenter()); }, PAUSE);
  });
}

function windowOf(map) {
  const box = map.getBounds();
  return `bbox=${[box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(6)).join(",")}&zoom=${Math.round(map.getZoom())}`;
}

function follow(box, { lat, lng }) {
  const url = new URL(box.dataset.list, location.href);
  url.searchParams.set("near", `${lat.toFixed(3)},${(((lng + 540) % 360) - 180).toFixed(3)}`);
  history.replaceState(history.state, "", url);
  window.htmx?.ajax("GET", url.pathname + url.search, { target: "#results", swap: "outerHTML" });
}

function mark(L, map, box, { geometry, properties, bbox }) {
  const [lon, lat] = geometry.coordinates;
  const { count, slug, name, open } = properties;
  if (!slug) {
    const says = box.dataset.many.replace("{count}", count);
    const [west, south, east, north] = bbox;
    return L.marker([lat, lon], { icon: pill(L, String(count), "many"), alt: says, title: says })
      .on("click", () => map.fitBounds([[south, west], [north, east]], { maxZoom: Math.min(map.getZoom() + 4, FARTHEST) }));
  }
  const link = Object.assign(document.createElement("a"), { href: `/s/${encodeURIComponent(slug)}/`, textContent: name });
  const icon = pill(L, Array.from(name).slice(0, SHOWN).join(""), open === false ? "no" : "yes");
  return L.marker([lat, lon], { icon, alt: name, title: name }).bindPopup(link);
}

function pill(L, text, open) {
  const face = document.createElement("span");
  face.className = "map-mark";
  face.dataset.open = open;
  face.textContent = text;
  return L.divIcon({ className: "", html: face, iconSize: [0, 0] });
}

function all(root) {
  for (const box of root.querySelectorAll("[data-map]")) draw(box);
}

all(document);
document.addEventListener("htmx:load", (event) => all(event.target));
