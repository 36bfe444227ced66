// Keeps a review while it is written, and lets it be written without a mouse: 1 to 5 give points and go to
// the next criterion, the arrows change the criterion, Ctrl+Enter sends.
export default function review(form) {
  const said = form.querySelector("[data-kept]");
  const version = form.querySelector("[name=version]");
  const rows = [...form.querySelectorAll("[data-rate]")];

  if ("autosave" in form.dataset) {
    const soon = self.mbois.keeper(form, async () => {
      const body = new FormData(form);
      body.set("do", "keep");
      try {
        const answer = await fetch(location.pathname, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
        const told = await answer.json();
        if (answer.ok) version.value = told.version;
        said.textContent = answer.ok ? `${form.dataset.textKept} ${told.kept}` : told.error.message;
        said.classList.toggle("late", !answer.ok);
      } catch (problem) {
        said.textContent = form.dataset.textLine;
        said.classList.add("late");
        throw problem;
      }
    });
    form.addEventListener("input", () => soon());
  }
  function current() {
    const here = document.activeElement?.closest?.("[data-rate]");
    const place = rows.indexOf(here);
    return place >= 0 ? place : rows.findIndex((row) => !row.querySelector("input[type=radio]:checked"));
  }
  function go(place) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    const radio = row?.querySelector("input[type=radio]:checked") || row?.querySelector("input[type=radio]");
    radio?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[value=send]"));
      return;
    }
    const target = event.target;
    const writes = target.matches?.("textarea, select, input:not([type=radio])");
    if (writes || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-5]$/.test(event.key)) {
      const place = current();
      if (place < 0) return;
      const radio = rows[place].querySelector(`input[type=radio][value="${event.key}"]`);
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
      if (place + 1 < rows.length) go(place + 1); else form.querySelector("[name=advice]")?.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && target.closest?.("[data-rate]")) {
      event.preventDefault();
      go(current() + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
}
