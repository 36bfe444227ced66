// Where an enterprise is: a map to look at.
export default async function map(box) {
  const shown = await window.mbois.board(box, box.dataset);
  const L = window.L;
  const at = [parseFloat(box.dataset.latitude), parseFloat(box.dataset.longitude)];
  shown.setView(at, 16);
  const icon = L.divIcon({ className: "pin", iconSize: [30, 30], iconAnchor: [15, 36] });
  L.marker(at, { icon, title: box.dataset.name, alt: box.dataset.name, keyboard: false }).addTo(shown);
}
