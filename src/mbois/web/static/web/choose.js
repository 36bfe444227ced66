// A text box with suggestions from the server (ARIA combobox).
export default function choose(box) {
  const value = box.querySelector("input[type=hidden]");
  const input = box.querySelector(".choose-box input");
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || "");
  list.id = `${input.id || input.name}-list`;
  list.hidden = true;
  box.append(list);
  for (const [name, set] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, set);
  let options = [], active = -1, timer, asked, chosen = input.defaultValue;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function pick(option) {
    value.value = option.value;
    input.value = chosen = option.label;
    box.querySelector(".offered")?.remove();
    close();
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function light(number) {
    active = number;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === number)));
    const row = list.children[number];
    if (row) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
  }
  async function look() {
    const words = input.value.trim();
    if (!words) { close(); return; }
    asked?.abort();
    asked = new AbortController();
    let answer;
    try {
      answer = await (await fetch(`${box.dataset.source}?${new URLSearchParams({ q: words, among: box.dataset.among || "" })}`, { signal: asked.signal, headers: { Accept: "application/json" } })).json();
    } catch { return; }
    options = answer.options;
    list.replaceChildren(...options.map((option, number) => {
      const row = document.createElement("li");
      row.setAttribute("role", "option");
      row.id = `${list.id}-${number}`;
      row.setAttribute("aria-selected", "false");
      row.append(option.label);
      if (option.note) row.append(Object.assign(document.createElement("small"), { textContent: option.note }));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); pick(option); });
      return row;
    }));
    if (!options.length) {
      const row = Object.assign(document.createElement("li"), { textContent: box.dataset.textNone });
      row.setAttribute("role", "option");
      row.setAttribute("aria-disabled", "true");
      list.append(row);
    }
    active = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
  input.addEventListener("input", () => {
    if (input.value !== chosen) value.value = "";
    clearTimeout(timer);
    timer = setTimeout(look, 180);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { look(); return; }
      if (options.length) light((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && !list.hidden && options.length) {
      event.preventDefault();
      pick(options[Math.max(active, 0)]);
    } else if (event.key === "Escape") close();
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}
