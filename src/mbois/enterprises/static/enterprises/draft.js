// Saves a step of a registration while it is being typed.
export default function draft(form) {
  const say = form.querySelector("[data-saved]");
  const soon = self.mbois.keeper(form, async () => {
    const plain = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") plain.append(name, value);
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: plain, keepalive: true });
      const { saved } = await answer.json();
      say.textContent = saved ? `${form.dataset.textSaved} ${saved}` : form.dataset.textSent;
    } catch (problem) {
      say.textContent = form.dataset.textUnsaved;
      throw problem;
    }
  });
  for (const kind of ["input", "change"]) form.addEventListener(kind, ({ target }) => { if (target.type !== "file") soon(); });
}
