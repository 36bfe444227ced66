// Keeps the sum of an order beside the quantities while they change.
export default function sum(form) {
  const out = form.querySelector("[data-sum]");
  const fields = [...form.querySelectorAll("[data-price]")];
  const show = () => {
    const total = fields.reduce((so, field) => so + Number(field.dataset.price) * Math.max(0, Math.trunc(Number(field.value) || 0)), 0);
    out.textContent = `Rp\u00a0${total.toLocaleString(document.documentElement.lang === "en" ? "en" : "id")}`;
  };
  form.addEventListener("input", show);
  show();
}
