// A form that is filled in the field: what is typed and photographed is kept on the phone with every
// change, sent whole when there is a line, and shown again with what the server said where it refused.
//
// <form method="post" action="…" enctype="multipart/form-data" data-field-form
//   data-module="…/fieldform.js" data-kind="visit" data-about="A-3573-2026-00042" data-title="Visit: Warung Siti">
// Inside, all optional: <input type=file data-photos> with <ul data-photo-list>; [data-rows] of [data-row]
// with a [data-add-row] button; input[data-now] (set to the hour when one begins); [data-keep-out]
// (a field that is not kept). Texts come from <template data-field-texts data-waiting="…" …>.
// Panels outside the form: [data-panel="waiting|sent|elsewhere"], each with [data-show] parts.
const LARGEST_SIDE = 1600;
const LARGEST_FILE = 10 * 1024 * 1024;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "client_id", "photos", "held", "confirmed"]);

export default async function fieldForm(form) {
  const person = document.documentElement.dataset.person;
  const outbox = await self.mbois.outbox();
  if (!outbox || !person || !self.indexedDB) return;
  const box = form.closest("[data-field]") || form.parentElement;
  const texts = box.querySelector("[data-field-texts]")?.dataset || {};
  const url = new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
  const list = form.querySelector("[data-photo-list]");
  const picker = form.querySelector("input[type=file][data-photos]");
  const button = form.querySelector("[data-send]");
  const kept = form.querySelector("[data-kept]");
  let record = null;
  let timer = 0;
  let saving = Promise.resolve();
  let closed = false; // another tab has the form

  // ---- what is typed ------------------------------------------------------------------------------

  function read() {
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  }
  function write(fields) {
    const wanted = new Map();
    for (const [name, value] of fields) wanted.set(name, [...(wanted.get(name) || []), value]);
    for (const rows of form.querySelectorAll("[data-rows]")) {
      const names = new Set([...rows.querySelectorAll("[data-row] [name]")].map((control) => control.name));
      const most = Math.max(0, ...[...names].map((name) => wanted.get(name)?.length || 0));
      while (rows.querySelectorAll("[data-row]").length < most) addRow(rows);
    }
    const used = new Map();
    for (const control of form.elements) {
      if (!control.name || NOT_KEPT.has(control.name) || control.type === "file" || control.tagName === "BUTTON") continue;
      const values = wanted.get(control.name) || [];
      if (control.type === "checkbox" || control.type === "radio") { control.checked = values.includes(control.value); continue; }
      const place = used.get(control.name) || 0;
      used.set(control.name, place + 1);
      if (values[place] !== undefined) control.value = values[place];
    }
    form.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  }
  function begin() {
    record = {
      client_id: outbox.newId(), person, kind: form.dataset.kind, about: form.dataset.about || "", url,
      title: form.dataset.title || document.title, page: location.pathname, note: "",
      fields: [], made_at: new Date().toISOString(), state: "typing", tries: 0, next_try: 0, error: null,
    };
    for (const input of form.querySelectorAll("input[data-now]")) if (!input.dataset.touched) input.value = now(input.type);
    return record;
  }
  function now(type) {
    const text = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Jakarta", dateStyle: "short", timeStyle: "short" }).format(new Date());
    return type === "date" ? text.slice(0, 10) : text.replace(" ", "T");
  }
  function keep() {
    clearTimeout(timer);
    if (closed || (record && !["typing", "refused"].includes(record.state))) return saving;
    if (!record) begin();
    record.fields = read();
    record.note = form.querySelector("[data-record-note]")?.textContent.trim() || "";
    if (record.state === "refused") record.state = "typing";
    const copy = { ...record };
    saving = saving.then(() => outbox.save(copy)).then(() => say(kept, texts.kept), (failure) => full(failure));
    return saving;
  }
  function soon() {
    clearTimeout(timer);
    if (closed) return;
    if (!record) begin();
    timer = setTimeout(keep, 300);
  }
  function say(place, words) {
    if (place && words && place.textContent !== words) place.textContent = words;
  }
  function full(failure) {
    const words = failure?.name === "QuotaExceededError" ? texts.full : texts.broken;
    if (kept) { kept.textContent = words; kept.classList.add("late"); kept.setAttribute("role", "alert"); }
    self.mbois?.say(words, "error");
    throw failure;
  }

  // ---- rows ---------------------------------------------------------------------------------------

  let rowNumber = 0;
  function addRow(rows) {
    const last = [...rows.querySelectorAll("[data-row]")].at(-1);
    const row = last.cloneNode(true);
    rowNumber += 1;
    for (const error of row.querySelectorAll(".error")) error.remove();
    for (const control of row.querySelectorAll("[name]")) { control.value = ""; control.removeAttribute("aria-invalid"); control.required = false; }
    for (const element of row.querySelectorAll("[id]")) element.id = `${element.id}-${rowNumber}`;
    for (const label of row.querySelectorAll("[for]")) label.htmlFor = `${label.htmlFor}-${rowNumber}`;
    last.after(row);
    number(rows);
    return row;
  }
  function number(rows) {
    [...rows.querySelectorAll("[data-row]")].forEach((row, place) => {
      const shown = row.querySelector("[data-row-number]");
      if (shown) shown.textContent = `${place + 1}`;
      const away = row.querySelector("[data-remove-row]");
      if (away) away.hidden = place < Number(rows.dataset.least || 1);
    });
  }
  form.addEventListener("click", (event) => {
    const rows = event.target.closest("[data-rows]");
    if (!rows) return;
    if (event.target.closest("[data-add-row]")) addRow(rows).querySelector("[name]")?.focus();
    const away = event.target.closest("[data-remove-row]");
    if (away) { away.closest("[data-row]").remove(); number(rows); keep().catch(() => {}); rows.querySelector("[data-add-row]")?.focus(); }
  });
  for (const rows of form.querySelectorAll("[data-rows]")) {
    for (const add of rows.querySelectorAll("[data-add-row]")) add.hidden = false;
    const spare = [...rows.querySelectorAll("[data-row]")].slice(Number(rows.dataset.least || 1));
    for (const row of spare) if (![...row.querySelectorAll("[name]")].some((control) => control.value)) row.remove();
    number(rows);
  }

  // ---- photos -------------------------------------------------------------------------------------

  async function smaller(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      // the server reads what this phone cannot draw, if it is a picture at all
      return ["image/jpeg", "image/png"].includes(file.type) && file.size <= LARGEST_FILE ? null : file.size > LARGEST_FILE ? texts.tooLarge : texts.noPhoto;
    }
    const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => canvas.toBlob((blob) => done(blob || texts.noPhoto), "image/jpeg", 0.82));
  }
  function card(photo) {
    const item = document.createElement("li");
    const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(photo.blob), alt: `${texts.photo || ""} ${list.children.length + 1}`.trim() });
    const away = Object.assign(document.createElement("button"), { type: "button", className: "outline small", textContent: texts.remove });
    away.addEventListener("click", async () => {
      await outbox.removePhoto(photo.id);
      URL.revokeObjectURL(picture.src);
      item.remove();
      picker.focus();
    });
    item.append(picture, away);
    return item;
  }
  async function addPhotos(files) {
    if (!record) begin();
    await keep();
    for (const file of files) {
      if (list.children.length >= Number(list.dataset.most || 12)) { self.mbois?.say(texts.tooMany, "warning"); break; }
      let small = await smaller(file);
      if (typeof small === "string") { self.mbois?.say(`${file.name}: ${small}`, "error"); continue; }
      small ||= file;
      const name = (file.name || "foto").replace(/\.[^.]*$/, "") + (small.type === "image/png" ? ".png" : ".jpg");
      list.append(card(await outbox.addPhoto(record.client_id, small, name).catch(full)));
    }
    outbox.save({ ...record }).catch(() => {});
  }
  picker?.addEventListener("change", () => {
    const files = [...picker.files];
    picker.value = "";
    picker.setAttribute("aria-busy", "true");
    addPhotos(files).catch(() => {}).finally(() => picker.removeAttribute("aria-busy"));
  });

  // ---- what the server said -----------------------------------------------------------------------

  function clearErrors() {
    for (const error of form.querySelectorAll("[data-said]")) error.remove();
    for (const wrong of form.querySelectorAll("[data-said-wrong]")) {
      wrong.removeAttribute("data-said-wrong");
      wrong.classList.remove("wrong");
    }
    for (const input of form.querySelectorAll("[aria-invalid][data-said-invalid]")) input.removeAttribute("aria-invalid");
  }
  function showError(error) {
    clearErrors();
    const found = error.fields ? Object.entries(error.fields) : error.field ? [[error.field, [error.message]]] : [];
    let first = null;
    const rest = [];
    for (const [name, sentences] of found) {
      const place = form.querySelector(`[data-errors="${name}"]`) || form.querySelector(`[name="${name}"]`)?.closest(".field, fieldset");
      if (!place) { rest.push(...sentences); continue; }
      const line = Object.assign(document.createElement("p"), { className: "error", id: `said-${name}`, textContent: sentences.join(" ") });
      line.dataset.said = "";
      place.append(line);
      place.classList.add("wrong");
      place.dataset.saidWrong = "";
      const control = place.querySelector("input:not([type=hidden]), textarea, select");
      if (control) { control.setAttribute("aria-invalid", "true"); control.dataset.saidInvalid = ""; control.setAttribute("aria-describedby", line.id); first ||= control; }
    }
    if (!found.length) rest.push(error.message || texts.refused);
    const top = document.createElement("div");
    top.className = "summary";
    top.dataset.said = "";
    top.setAttribute("role", "alert");
    top.tabIndex = -1;
    top.append(Object.assign(document.createElement("p"), { className: "summary-title", textContent: texts.refusedTitle }));
    for (const words of new Set(rest.length ? rest : [texts.besides])) top.append(Object.assign(document.createElement("p"), { textContent: words }));
    if (error.status === 409) {
      const row = Object.assign(document.createElement("div"), { className: "actions" });
      if (error.code !== "moved_on") {
        const again = Object.assign(document.createElement("button"), { type: "button", className: "outline small", textContent: texts.renew });
        again.addEventListener("click", async () => { await keep(); record = await outbox.renew(record.client_id); clearErrors(); await show(); go(); });
        row.append(again);
      }
      row.append(discardButton());
      top.append(row);
    }
    form.prepend(top);
    (first || top).focus({ preventScroll: false });
  }
  function discardButton() {
    const away = Object.assign(document.createElement("button"), { type: "button", className: "outline small", textContent: texts.discard });
    away.addEventListener("click", async () => {
      if (away.dataset.sure === undefined) { away.dataset.sure = ""; away.textContent = texts.discardSure; return; }
      const id = record.client_id;
      record = null;
      await outbox.remove(id);
      location.reload();
    });
    return away;
  }

  // ---- which face is shown ------------------------------------------------------------------------

  async function show({ errors = true } = {}) {
    const state = closed ? "elsewhere" : !record || ["typing", "refused"].includes(record.state) ? "typing" : record.state === "sent" ? "sent" : "waiting";
    form.hidden = state !== "typing";
    for (const panel of box.querySelectorAll("[data-panel]")) {
      panel.hidden = panel.dataset.panel !== state;
      if (panel.hidden) continue;
      const link = panel.querySelector("a[data-answer-url]");
      if (link && record?.answer?.url) { link.href = record.answer.url; link.hidden = false; }
      for (const place of panel.querySelectorAll("[data-answer]")) place.textContent = record?.answer?.[place.dataset.answer] ?? "";
      for (const place of panel.querySelectorAll("[data-typed]")) place.textContent = record?.fields.find(([name]) => name === place.dataset.typed)?.[1] ?? "";
      for (const place of panel.querySelectorAll("[data-signed-out]")) place.hidden = record?.error?.code !== "signed_out";
      const edit = panel.querySelector("[data-edit]");
      if (edit) edit.disabled = record?.state === "sending";
    }
    box.dispatchEvent(new CustomEvent("fieldstate", { bubbles: true, detail: { state, record } }));
    if (state === "typing" && errors && record?.error?.message !== undefined) showError(record.error);
  }
  async function restore(found) {
    record = found;
    if (!["typing", "refused"].includes(found.state)) return;
    write(found.fields);
    if (list) {
      for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
      list.replaceChildren();
      for (const photo of (await outbox.photos(found.client_id)).sort((a, b) => a.added_at - b.added_at)) list.append(card(photo));
    }
    if (found.fields.length) say(kept, texts.kept);
  }
  async function latest() {
    const mine = (await outbox.list(person)).filter((one) => one.url === url && one.kind === form.dataset.kind);
    const open = mine.filter((one) => ["typing", "refused"].includes(one.state));
    if (open.length) return open.sort((a, b) => b.changed_at - a.changed_at)[0];
    if (form.dataset.several !== undefined) return null;
    return mine.sort((a, b) => b.changed_at - a.changed_at)[0] || null;
  }
  function go() {
    outbox.sendAll({ person, now: true }).catch(() => {});
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("mbois-outbox")).catch(() => {});
  }

  form.addEventListener("input", (event) => { if (event.target.name && event.target.type !== "file") { event.target.dataset.touched = ""; soon(); } });
  form.addEventListener("change", (event) => { if (event.target.name && event.target.type !== "file") keep().catch(() => {}); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && record?.state === "typing") keep().catch(() => {}); });
  window.addEventListener("pagehide", () => { if (timer && record?.state === "typing") keep().catch(() => {}); });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button?.dataset.busy !== undefined) return;
    if (button) button.dataset.busy = "";
    try {
      await keep();
      clearErrors();
      const queued = await outbox.queue(record.client_id);
      if (queued) record = queued;
      await show();
      box.querySelector("[data-panel]:not([hidden])")?.focus?.();
      window.scrollTo({ top: 0 });
      go();
    } catch { /* the sentence about the storage stands already */ } finally {
      if (button) delete button.dataset.busy;
    }
  });
  box.addEventListener("click", async (event) => {
    if (event.target.closest("[data-edit]") && record) {
      const back = await outbox.edit(record.client_id);
      if (back) { await restore(back); await show(); form.querySelector("input:not([type=hidden]), textarea")?.focus(); }
    }
    if (event.target.closest("[data-another]")) {
      record = null;
      form.reset();
      list?.replaceChildren();
      say(kept, " ");
      form.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
      await show();
    }
    if (event.target.closest("[data-send-now]")) go();
  });
  outbox.listen(async (news) => {
    if (!record || news.client_id !== record.client_id || news.state === "typing") return;
    const found = await outbox.get(record.client_id);
    if (!found) return;
    const before = record.state;
    if (found.state === "refused" && before !== "refused") { await restore(found); await show(); return; }
    if (found.state !== before || found.error !== record.error) { record = found; await show(); }
  });

  async function wake() {
    const found = await latest();
    if (found) await restore(found);
    await show();
    box.dataset.ready = "";
  }
  form.noValidate = false;
  form.dataset.held = ""; // sent by us, not by the browser
  if (!navigator.locks) return wake();
  // one tab writes; the others wait until it is closed
  const name = `mbois-form-${person}-${form.dataset.kind}-${url}`;
  const held = await new Promise((done) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => { done(Boolean(lock)); return lock ? new Promise(() => {}) : undefined; });
  });
  if (held) return wake();
  closed = true;
  await show();
  box.dataset.ready = "";
  navigator.locks.request(name, async () => { closed = false; await wake(); return new Promise(() => {}); });
}
