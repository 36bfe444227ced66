// Keeps each answer as it is given and counts them.
export default function take(form) {
  const progress = form.querySelector("[data-progress]");
  const count = form.querySelector("[data-answered]");
  const said = form.querySelector("[data-kept]");
  let timer = 0;
  function counted() {
    const answered = form.querySelectorAll("input[type=radio]:checked").length;
    progress.value = answered;
    count.textContent = `${answered}`;
  }
  async function keep() {
    const body = new FormData(form);
    body.set("do", "keep");
    try {
      const answer = await fetch(form.action || location.pathname, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      said.textContent = answer.ok ? form.dataset.textKept : form.dataset.textLine;
    } catch {
      said.textContent = form.dataset.textLine;
    }
  }
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    const question = event.target.closest("fieldset");
    question.classList.remove("wrong");
    question.querySelector(".error")?.remove();
    counted();
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  counted();
}
