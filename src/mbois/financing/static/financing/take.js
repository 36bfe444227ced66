// One tap puts a whole amount into the box.
export default function take(form) {
  const amount = form.elements.amount;
  for (const button of form.querySelectorAll("[data-amount]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      amount.value = button.dataset.amount;
      amount.dispatchEvent(new Event("input", { bubbles: true }));
      amount.focus();
    });
  }
}
