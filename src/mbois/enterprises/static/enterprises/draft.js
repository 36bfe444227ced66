// Saves a step of a registration while it is being typed.
export default function draft(form) {
  const say = form.querySelector("[data-saved]");
  let timer, sending, again = false;
  async function save() {
    if (sending) { again = true; return; }
    const data = new FormData(form);
    const plain = new URLSearchParams();
    for (const [name, value] of data) if (typeof value === "string") plain.append(name, value);
    sending = true;
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: plain, credentials: "same-origin", keepalive: true });
      if (!answer.ok) throw new Error(answer.status);
      const { saved } = await answer.json();
      say.textContent = `${form.dataset.textSaved} ${saved}`;
      if (!again) form.removeAttribute("data-typed"); // it is kept: leaving loses nothing
      form.dispatchEvent(new CustomEvent("mbois:saved", { bubbles: true }));
    } catch {
      say.textContent = form.dataset.textUnsaved;
    }
    sending = false;
    if (again) { again = false; save(); }
  }
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      // who leaves a field may be on the way to another page: its words must be kept before that opens
      timer = setTimeout(save, kind === "change" ? 0 : 900);
    });
  }
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); timer = 0; save(); } });
}
