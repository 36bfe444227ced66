// Reasons often given: a tap adds one to the text.
export default function reasons(box) {
  const text = document.getElementById(box.dataset.into);
  if (!text) return;
  box.hidden = false;
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const said = button.textContent.trim();
      if (!text.value.includes(said)) text.value = `${text.value.trimEnd()}${text.value.trim() ? "\n" : ""}${said}`;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}
