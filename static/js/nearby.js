// "Use my location": the device's position goes into the same form that the areas use. Nothing is asked for
// before somebody taps the button.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  const form = button?.closest("[data-look-from]");
  if (!form) return;
  const says = form.querySelector("[data-says]");
  const denied = () => { says.textContent = form.dataset.denied; };
  if (!navigator.geolocation) return denied();
  says.textContent = form.dataset.waiting;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const point = document.createElement("input");
    point.type = "hidden";
    point.name = "point";
    point.value = `${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`;
    form.append(point);
    form.submit();
  }, denied, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
});
