// Counts words, and keeps each answer of a draft as it is written. Only what was touched is sent, so that
// two of a team can write at the same time.
export default function apply(form) {
  const said = form.querySelector("[data-kept]");
  const touched = new Set();

  for (const input of form.querySelectorAll("[data-most-words]")) {
    const place = form.querySelector(`[data-count-for="${input.id}"]`);
    const most = Number(input.dataset.mostWords);
    const count = () => {
      const words = input.value.trim() ? input.value.trim().split(/\s+/).length : 0;
      place.textContent = `${words} ${form.dataset.textWords} · `;
      place.classList.toggle("over", words > most);
    };
    if (place) { input.addEventListener("input", count); count(); }
  }
  if (!("autosave" in form.dataset)) return;

  const soon = self.mbois.keeper(form, async () => {
    const names = [...touched];
    touched.clear();
    const all = new FormData(form);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", all.get("csrfmiddlewaretoken"));
    body.set("do", "keep");
    for (const name of names) body.set(name, all.get(name) ?? "");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      const told = await answer.json();
      said.textContent = answer.ok ? `${form.dataset.textKept} ${told.kept}` : told.error.message;
      said.classList.toggle("late", !answer.ok);
    } catch (problem) {
      for (const name of names) touched.add(name);
      said.textContent = form.dataset.textLine;
      said.classList.add("late");
      throw problem;
    }
  });
  form.addEventListener("input", ({ target }) => {
    if (!target.name || target.type === "file") return;
    touched.add(target.name);
    soon();
  });
}
