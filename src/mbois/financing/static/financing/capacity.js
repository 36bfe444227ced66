// Sales less costs, household and other debts, beside the instalment that is asked for.
export default function capacity(box) {
  const form = box.closest("form");
  const [instalment, percent] = [Number(box.dataset.instalment), Number(box.dataset.percent)];
  const total = box.querySelector("[data-total]");
  const verdict = box.querySelector("[data-verdict]");
  const frame = box.querySelector("[data-capacity]");
  const before = verdict.innerHTML;
  const rupiah = (amount) => `${amount < 0 ? "−" : ""}Rp\u00a0${Math.abs(amount).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "id-ID")}`;
  const read = (name) => { const text = form.elements[name].value.replace(/[.,\s]/g, ""); return /^\d+$/.test(text) ? Number(text) : null; };
  function show() {
    const [sales, costs, household, debts] = ["sales", "costs", "household", "other_debts"].map(read);
    const whole = [sales, costs, household, debts].every((amount) => amount !== null);
    frame.classList.remove("ok", "bad");
    if (!whole) { total.textContent = "–"; verdict.innerHTML = before; return; }
    const left = sales - costs - household - debts;
    const enough = left * percent >= instalment * 100;
    total.textContent = rupiah(left);
    verdict.textContent = `${enough ? box.dataset.textEnough : box.dataset.textLittle} ${rupiah(instalment)}`;
    frame.classList.add(enough ? "ok" : "bad");
  }
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("restored", show);
  show();
}
