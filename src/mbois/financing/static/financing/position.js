// Where the phone is, and how sure it is of it.
export default function position(box) {
  const form = box.closest("form");
  const [latitude, longitude] = box.querySelectorAll(".point-numbers input");
  const accuracy = form.elements.accuracy;
  const said = box.querySelector("[data-said]");
  const button = box.querySelector("[data-locate]");
  const show = () => { said.textContent = accuracy.value && latitude.value ? box.dataset.textFound.replace("{m}", Math.round(accuracy.value)) : ""; };
  form.addEventListener("restored", show);
  for (const input of [latitude, longitude]) input.addEventListener("input", (event) => { if (event.isTrusted) { accuracy.value = ""; show(); } });
  show();
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    said.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        latitude.value = coords.latitude.toFixed(6);
        longitude.value = coords.longitude.toFixed(6);
        accuracy.value = coords.accuracy.toFixed(1);
        latitude.dispatchEvent(new Event("change", { bubbles: true }));
        show();
      },
      () => { button.removeAttribute("aria-busy"); said.textContent = box.dataset.textRefused; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  });
}
