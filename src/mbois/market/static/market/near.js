// Asks the browser where it is and shows what is near; the button is there only where it can.
export default function near(button) {
  if (!navigator.geolocation) return;
  button.hidden = false;
  const words = button.querySelector("span");
  button.addEventListener("click", () => {
    words.textContent = button.dataset.textWait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const here = new URL(location.href);
      here.searchParams.delete("page");
      here.searchParams.set("dekat", `${coords.latitude.toFixed(4)},${coords.longitude.toFixed(4)}`);
      here.searchParams.set("urut", "dekat");
      location.assign(here);
    }, () => { words.textContent = button.dataset.textNone; }, { timeout: 10000, maximumAge: 600000 });
  });
}
