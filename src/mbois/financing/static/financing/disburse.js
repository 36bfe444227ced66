// What is left for the borrower, exact while the settlements are typed; the dialog names the amounts.
export default function disburse(form) {
  const principal = Number(form.dataset.principal);
  const rest = form.querySelector("[data-rest]");
  const lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  const rupiah = (amount) => `${amount < 0 ? "−" : ""}Rp ${Math.abs(amount).toLocaleString(lang)}`;
  function show() {
    let sum = 0;
    for (const input of form.querySelectorAll("[data-debt]")) sum += Number(input.value.replace(/\D/g, ""));
    rest.textContent = rupiah(principal - sum);
    rest.classList.toggle("late", sum > principal);
    form.dataset.confirmDetail = form.dataset.textDetail.replace("{lenders}", rupiah(sum)).replace("{rest}", rupiah(principal - sum)).replace("{name}", form.dataset.name);
  }
  form.addEventListener("input", show);
  show();
}
