// Where an enterprise is: a map to look at.
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
  const at = [parseFloat(box.dataset.latitude), parseFloat(box.dataset.longitude)];
  const shown = L.map(box, { scrollWheelZoom: false, zoomControl: false }).setView(at, 16);
  shown.attributionControl.setPrefix(false);
  const words = box.dataset;
  shown.getContainer().setAttribute("role", "region");
  shown.getContainer().setAttribute("aria-label", words.textMap);
  L.control.zoom({ zoomInTitle: words.textNearer, zoomOutTitle: words.textFarther }).addTo(shown);
  const source = Object.assign(document.createElement("a"), { href: "https://www.openstreetmap.org/copyright", textContent: words.textSource });
  L.tileLayer(box.dataset.tiles, { maxZoom: 19, attribution: source.outerHTML }).addTo(shown);
  const icon = L.divIcon({ className: "pin", iconSize: [30, 30], iconAnchor: [15, 36] });
  L.marker(at, { icon, title: box.dataset.name, alt: box.dataset.name, keyboard: false }).addTo(shown);
}
