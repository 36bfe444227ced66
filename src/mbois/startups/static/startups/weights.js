// Adds up the weights while they are typed.
export default function weights(place) {
  const form = place.closest("form");
  const add = () => {
    const total = [...form.querySelectorAll("[data-weight]")].reduce((sum, input) => sum + (Number(input.value) || 0), 0);
    place.textContent = `${place.dataset.text}: ${total} / 100`;
    place.classList.toggle("right", total === 100);
    place.classList.toggle("wrong", total !== 100);
  };
  form.addEventListener("input", add);
  add();
}
