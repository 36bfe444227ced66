// The number pad, and back to an empty form as soon as an entry is kept: ten seconds an entry.
export default function cash(box) {
  const form = box.querySelector("form");
  const amount = form.elements.amount;
  const pad = form.querySelector("[data-keypad]");
  const said = box.querySelector("[data-cash-said]");
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    const digits = amount.value.replace(/\D/g, "");
    const next = key === "back" ? digits.slice(0, -1) : (digits + key).replace(/^0+/, "").slice(0, 10);
    amount.value = next.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    amount.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // fieldform.js tells what became of the record
  let last = null;
  box.addEventListener("fieldstate", ({ detail: { state, record } }) => {
    if (state === "typing" || state === "elsewhere" || !record) return;
    const typed = record.fields.find(([name]) => name === "amount")?.[1] || "";
    said.textContent = `${state === "sent" ? box.dataset.textSent : box.dataset.textKept}: Rp\u00a0${typed}`;
    if (last === record.client_id) return;
    last = record.client_id;
    box.querySelector(`[data-panel="${state === "sent" ? "sent" : "waiting"}"] [data-another]`)?.click();
  });
}
