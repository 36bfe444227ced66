// A map to tap. Leaflet is fetched only where a page has such a field.
const MALANG = [-7.9826, 112.6308];

export default async function point(box) {
  const [latitude, longitude] = box.querySelectorAll(".point-numbers input");
  const place = box.querySelector(".point-map");
  const locate = box.querySelector("[data-locate]");
  const say = box.querySelector("[data-say]");
  let mark = () => {};

  function put(at, zoom) {
    latitude.value = at[0].toFixed(6);
    longitude.value = at[1].toFixed(6);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
    mark(zoom);
  }
  if (navigator.geolocation) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      locate.setAttribute("aria-busy", "true");
      say.textContent = "";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { locate.removeAttribute("aria-busy"); put([coords.latitude, coords.longitude], 17); },
        () => { locate.removeAttribute("aria-busy"); say.textContent = box.dataset.textRefused; },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }
  const read = () => {
    const at = [parseFloat(latitude.value.replace(",", ".")), parseFloat(longitude.value.replace(",", "."))];
    return at.every(Number.isFinite) ? at : null;
  };
  const words = box.dataset;
  const map = await window.mbois.board(place, words);
  const L = window.L;
  map.setView(read() || MALANG, read() ? 16 : 12);
  const icon = L.divIcon({ className: "pin", iconSize: [30, 30], iconAnchor: [15, 36] });
  let pin;
  mark = (zoom) => {
    const at = read();
    if (!at) return;
    if (!pin) {
      pin = L.marker(at, { icon, draggable: true, keyboard: true }).addTo(map);
      pin.getElement().setAttribute("aria-label", words.textMark);
      pin.on("dragend", () => { const { lat, lng } = pin.getLatLng(); put([lat, lng]); });
    }
    pin.setLatLng(at);
    map.setView(at, zoom || map.getZoom());
  };
  map.on("click", ({ latlng }) => put([latlng.lat, latlng.lng]));
  for (const input of [latitude, longitude]) input.addEventListener("change", () => mark());
  mark();
}
