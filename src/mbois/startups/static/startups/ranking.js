// Says how many are chosen.
export default function ranking(form) {
  const said = form.querySelector("[data-chosen]");
  const count = () => {
    const number = form.querySelectorAll("[name=application]:checked").length;
    if (said) said.textContent = number ? `${number} ${form.dataset.textChosen}` : "";
  };
  form.addEventListener("change", count);
  count();
}
