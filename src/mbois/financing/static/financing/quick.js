// One tap for the amounts that are paid most.
export default function quick(box) {
  const amount = box.closest("form").elements.amount;
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-amount]");
    if (!button) return;
    amount.value = button.dataset.amount;
    amount.dispatchEvent(new Event("input", { bubbles: true }));
    amount.focus();
  });
}
