// What is left for the borrower, exact while the settlements are typed; the dialog names the amounts.
export default function disburse(form) {
  const principal = Number(form.dataset.principal);
  const rest = form.querySelector("[data-rest]");
  const lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  const rupiah = (amount) => `${amount < 0 ? "−" : ""}Rp\u00a0${Math.abs(amount).toLocaleString(lang)}`;
  function show() {
    let sum = 0;
    for (const input of form.querySelectorAll("[data-debt]")) {
      const amount = Number(input.value.replace(/[.,]\d{1,2}$/, "").replace(/\D/g, ""));
      sum += amount;
      input.closest(".field").nextElementSibling.hidden = amount >= Number(input.dataset.debt);
    }
    rest.textContent = rupiah(principal - sum);
    rest.classList.toggle("late", sum > principal);
    // the server says what is wrong; nobody is asked to confirm what cannot be
    form.toggleAttribute("data-unready", sum > principal);
    form.dataset.confirmDetail = form.dataset.textDetail.replace("{lenders}", rupiah(sum)).replace("{rest}", rupiah(principal - sum)).replace("{name}", form.dataset.name);
  }
  form.addEventListener("input", show);
  show();
}
