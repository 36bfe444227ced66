// Activities on a map: the list beneath says where each is.
export default async function map(box) {
  const board = await window.mbois.board(box, box.dataset);
  const L = window.L;
  const places = new Map();
  for (const one of box.parentElement.querySelectorAll(".map-list [data-lat]")) {
    const at = `${one.dataset.lat},${one.dataset.lon}`;
    places.set(at, [...(places.get(at) || []), one]);
  }
  // where to look comes first: until then the map adds nothing, and a pin has no element
  board.fitBounds([...places.keys()].map((at) => at.split(",").map(Number)), { padding: [30, 30], maxZoom: 15 });
  for (const [at, ones] of places) {
    const point = at.split(",").map(Number);
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
}
