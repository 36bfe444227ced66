// Keeps each answer as it is given and counts them.
export default function take(form) {
  const progress = form.querySelector("[data-progress]");
  const count = form.querySelector("[data-answered]");
  const said = form.querySelector("[data-kept]");
  function counted() {
    const answered = form.querySelectorAll("input[type=radio]:checked").length;
    progress.value = answered;
    count.textContent = `${answered}`;
  }
  const soon = self.mbois.keeper(form, async () => {
    const body = new FormData(form);
    body.set("do", "keep");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      await answer.json();
      if (!answer.ok) throw new Error(answer.status);
      said.textContent = form.dataset.textKept;
    } catch (problem) {
      said.textContent = form.dataset.textLine;
      throw problem;
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    const question = event.target.closest("fieldset");
    question.classList.remove("wrong");
    question.querySelector(".error")?.remove();
    counted();
    soon();
  });
  counted();
}
