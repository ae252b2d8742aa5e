// The map of a list: the shops come from the same question as GeoJSON, and every one of them stands in the
// list below as well. Without Leaflet or without an answer the list is all there is, and says so.
const FARTHEST = 19;
const SHOWN = 8; // letters of a name on the map; all of it stands in the list and in the pop-up
const IN_VIEW = 12; // the nearest ones decide what the map shows first

async function draw(box) {
  const plane = box.querySelector(".nearby-map-plane");
  const says = box.querySelector("[role=status]");
  if (box.dataset.drawn || !window.L) return;
  box.dataset.drawn = "yes";
  try {
    const answer = await fetch(box.dataset.source, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    show(box, plane, await answer.json());
    says.hidden = true;
  } catch {
    plane.hidden = true;
    says.textContent = box.dataset.failed;
  }
}

function show(box, plane, collection) {
  const L = window.L;
  const here = [Number(box.dataset.lat), Number(box.dataset.lon)];
  plane.hidden = false;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(plane, { maxZoom: FARTHEST, zoomAnimation: !still, fadeAnimation: !still, attributionControl: Boolean(box.dataset.tiles) });
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: FARTHEST, attribution: box.dataset.credits }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  L.marker(here, { icon: L.divIcon({ className: "map-here", iconSize: [16, 16] }), alt: box.dataset.here, keyboard: false, interactive: false }).addTo(map);
  const group = L.markerClusterGroup ? L.markerClusterGroup({ animate: !still, showCoverageOnHover: false, maxClusterRadius: 48, iconCreateFunction: (cluster) => pill(L, String(cluster.getChildCount()), "many") }) : L.layerGroup();
  const points = collection.features.map((feature) => mark(L, feature).addTo(group).getLatLng());
  group.addTo(map);
  const bounds = L.latLngBounds([here, ...points.slice(0, IN_VIEW)]);
  map.fitBounds(bounds.pad(0.15), { maxZoom: 17 });
}

function mark(L, { geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const icon = pill(L, Array.from(properties.name).slice(0, SHOWN).join(""), properties.open === false ? "no" : "yes");
  const link = document.createElement("a");
  link.href = `/s/${encodeURIComponent(properties.slug)}/`;
  link.textContent = properties.name;
  return L.marker([lat, lon], { icon, alt: properties.name, title: properties.name }).bindPopup(link);
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
