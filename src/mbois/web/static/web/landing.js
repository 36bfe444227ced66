// The instalment calculator answers while the sliders move; the form does the same without a script.
export default function calculator(form) {
  const { principal, months } = form.elements;
  const unit = Number(form.dataset.unit);
  const lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  const rupiah = (amount) => `Rp\u00a0${amount.toLocaleString(lang)}`;
  const put = (name, words) => { form.querySelector(`[data-out=${name}]`).textContent = words; };
  function show() {
    const sum = Number(principal.value), count = Number(months.value);
    const instalment = Math.ceil(sum / count / unit) * unit;
    const number = Math.ceil(sum / instalment);
    put("principal", rupiah(sum));
    put("months", form.dataset.textMonths.replace("{n}", count));
    put("instalment", rupiah(instalment));
    put("last", number > 1 && sum - instalment * (number - 1) !== instalment ? form.dataset.textLast.replace("{amount}", rupiah(sum - instalment * (number - 1))) : "");
    principal.setAttribute("aria-valuetext", rupiah(sum));
    months.setAttribute("aria-valuetext", form.dataset.textMonths.replace("{n}", count));
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").hidden = true;
  show();
}
