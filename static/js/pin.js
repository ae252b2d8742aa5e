// The pin on the map: set by the device's position, by dragging, tapping or the arrow keys; the two fields
// for latitude and longitude hold the truth, so the form works the same without this file.
const METRES_PER_DEGREE = 111320;
const NEAR = 15; // zoom at which a few streets are seen

function picker(form) {
  const box = form.querySelector("[data-pin-box]");
  const plane = form.querySelector("[data-pin-map]");
  const says = form.querySelector("[data-pin-says]");
  const field = (name) => form.elements[name];
  const here = () => {
    const lat = Number.parseFloat(field("lat").value);
    const lon = Number.parseFloat(field("lon").value);
    return Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lat, lon } : null;
  };
  let map, marker, circle;

  function draw({ lat, lon }) {
    box.hidden = false;
    if (!window.L) {
      plane.hidden = true;
      return;
    }
    if (!map) {
      map = window.L.map(plane, { keyboard: false, zoomControl: true, attributionControl: Boolean(form.dataset.tiles) });
      plane.style.background = "var(--sunken)"; // leaflet.css stands outside our layers and would win
      map.setView([lat, lon], NEAR + 2);
      window.L.control.scale({ imperial: false }).addTo(map);
      if (form.dataset.tiles) window.L.tileLayer(form.dataset.tiles, { maxZoom: 19, attribution: form.dataset.credits }).addTo(map);
      const icon = window.L.divIcon({ className: "pin-mark", iconSize: [32, 40], iconAnchor: [16, 40] });
      marker = window.L.marker([lat, lon], { draggable: true, keyboard: false, icon, autoPan: true }).addTo(map);
      circle = window.L.circle([lat, lon], { radius: 0, weight: 1, className: "pin-accuracy", interactive: false }).addTo(map);
      marker.on("dragend", () => moved(marker.getLatLng().lat, marker.getLatLng().lng));
      map.on("click", (event) => moved(event.latlng.lat, event.latlng.lng));
      neighbours({ lat, lon });
    }
    marker.setLatLng([lat, lon]);
    circle.setLatLng([lat, lon]);
    if (!map.getBounds().pad(-0.1).contains([lat, lon])) map.panTo([lat, lon]);
  }

  // Shops around, as dots with names: something to find the door by where there are no map tiles.
  async function neighbours({ lat, lon }) {
    try {
      const answer = await fetch(`/nearby.geojson?near=${lat.toFixed(5)},${lon.toFixed(5)}&r=400&limit=60`);
      if (!answer.ok) return;
      window.L.geoJSON(await answer.json(), {
        pointToLayer: (_feature, at) => window.L.circleMarker(at, { radius: 5, weight: 1, className: "pin-other", interactive: true }),
        onEachFeature: (feature, layer) => layer.bindTooltip(String(feature.properties.name)),
      }).addTo(map);
    } catch {
      // the neighbours only help to find one's way; the pin works without them
    }
  }

  function put(lat, lon, accuracy) {
    field("lat").value = lat.toFixed(6);
    field("lon").value = lon.toFixed(6);
    field("accuracy_m").value = accuracy === undefined ? "" : String(Math.round(accuracy));
    field("given_by").value = accuracy === undefined ? "pin" : "device";
    field("datum").value = form.dataset.datum; // the map and the device speak WGS-84
    draw({ lat, lon });
    if (circle) circle.setRadius(accuracy ?? 0);
  }

  function moved(lat, lon) {
    put(Math.max(-85, Math.min(85, lat)), ((((lon + 180) % 360) + 360) % 360) - 180);
    says.textContent = form.dataset.moved.replace("{}", `${field("lat").value}, ${field("lon").value}`);
  }

  function nudge(east, north, metres) {
    const from = here() ?? start;
    if (!from) return;
    const lat = from.lat + (north * metres) / METRES_PER_DEGREE;
    const lon = from.lon + (east * metres) / (METRES_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180));
    moved(lat, lon);
  }

  const arrows = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  plane.addEventListener("keydown", (event) => {
    const way = arrows[event.key];
    if (!way) return;
    event.preventDefault();
    nudge(way[0], way[1], event.shiftKey ? 50 : 5);
  });
  for (const button of form.querySelectorAll("[data-nudge]")) {
    const [east, north] = button.dataset.nudge.split(",").map(Number);
    button.addEventListener("click", () => nudge(east, north, 5));
  }
  form.querySelector("[data-locate]").addEventListener("click", () => {
    says.textContent = form.dataset.waiting;
    const denied = () => {
      says.textContent = form.dataset.denied;
      form.querySelector("details").open = true;
    };
    if (!navigator.geolocation) return denied();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(coords.latitude, coords.longitude, coords.accuracy);
        says.textContent = form.dataset.found.replace("{}", String(Math.round(coords.accuracy)));
      },
      denied,
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  });
  function typed() {
    field("given_by").value = "typed";
    field("accuracy_m").value = "";
    if (here() && field("datum").value === form.dataset.datum) draw(here());
  }
  for (const name of ["lat", "lon"]) field(name).addEventListener("change", typed);
  const start = here() ?? placeFrom(form.dataset.near);
  if (start) draw(start);
}

function placeFrom(text) {
  const [lat, lon] = String(text ?? "").split(",").map(Number.parseFloat);
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}

for (const form of document.querySelectorAll("form[data-pin]")) picker(form);
