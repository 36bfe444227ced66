// Activities on a map: the list beneath says where each is.
function load(box) {
  if (window.L) return Promise.resolve(window.L);
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: box.dataset.leafletCss });
  const script = Object.assign(document.createElement("script"), { src: box.dataset.leaflet });
  return new Promise((done, failed) => {
    script.onload = () => done(window.L);
    script.onerror = failed;
    document.head.append(style, script);
  });
}

export default async function map(box) {
  const L = await load(box);
  const words = box.dataset;
  const board = L.map(box, { scrollWheelZoom: false, zoomControl: false });
  board.attributionControl.setPrefix(false);
  board.getContainer().setAttribute("role", "region");
  board.getContainer().setAttribute("aria-label", words.textMap);
  L.control.zoom({ zoomInTitle: words.textNearer, zoomOutTitle: words.textFarther }).addTo(board);
  const source = Object.assign(document.createElement("a"), { href: "https://www.openstreetmap.org/copyright", textContent: words.textSource });
  L.tileLayer(words.tiles, { maxZoom: 19, attribution: source.outerHTML }).addTo(board);
  const places = new Map();
  for (const one of box.parentElement.querySelectorAll(".map-list [data-lat]")) {
    const at = `${one.dataset.lat},${one.dataset.lon}`;
    places.set(at, [...(places.get(at) || []), one]);
  }
  const points = [];
  for (const [at, ones] of places) {
    const point = at.split(",").map(Number);
    points.push(point);
    const label = ones.length > 1 ? String(ones.length) : "";
    const icon = L.divIcon({ className: label ? "pin many" : "pin", html: label, iconSize: [30, 30], iconAnchor: [15, 36], popupAnchor: [0, -34] });
    const list = document.createElement("ul");
    for (const one of ones.slice(0, 8)) {
      const line = document.createElement("li");
      line.append(one.querySelector("a").cloneNode(true), document.createElement("br"), one.querySelector(".event-when").textContent);
      list.append(line);
    }
    const pin = L.marker(point, { icon, keyboard: true }).addTo(board).bindPopup(list);
    pin.getElement().setAttribute("aria-label", ones.map((one) => one.querySelector("a").textContent).slice(0, 3).join(", "));
  }
  board.fitBounds(points, { padding: [30, 30], maxZoom: 15 });
}
