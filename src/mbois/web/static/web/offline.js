// On every page of somebody signed in: says what waits on this phone, sends it when there is a line,
// and keeps the pages that are needed in the field. <div data-outbox-bar data-…> holds the texts.
const outbox = await self.mbois.outbox();
const bar = document.querySelector("[data-outbox-bar]");
const person = document.documentElement.dataset.person;
const texts = bar?.dataset || {};
const words = bar?.querySelector("[data-words]");
const sendNow = bar?.querySelector("[data-send-now]");
const look = bar?.querySelector("[data-look]");
const signIn = bar?.querySelector("[data-sign-in]");
let timer;
let running = false;
let again = false; // somebody asked while we were at it
const known = new Map(); // state of each record when we last looked

async function show() {
  const records = await outbox.list(person);
  const waiting = records.filter(({ state }) => state === "waiting" || state === "sending");
  const refused = records.filter(({ state }) => state === "refused");
  const out = waiting.some(({ error }) => error?.code === "signed_out");
  for (const record of records) {
    if (record.state === "sent" && known.has(record.client_id) && known.get(record.client_id) !== "sent") {
      self.mbois?.say(`${texts.sent}: ${record.title}`, "success");
    }
    known.set(record.client_id, record.state);
  }
  let line = "";
  if (waiting.length && !navigator.onLine) line = `${texts.stored} (${waiting.length})`;
  else if (out) line = `${texts.signIn} (${waiting.length})`;
  else if (waiting.some(({ state }) => state === "sending")) line = `${texts.sending} (${waiting.length})`;
  else if (waiting.length) line = `${texts.waiting} (${waiting.length})`;
  if (refused.length) line += `${line ? " · " : ""}${texts.refused} (${refused.length})`;
  if (words.textContent !== line) words.textContent = line;
  bar.hidden = !line;
  bar.classList.toggle("bad", refused.length > 0);
  sendNow.hidden = !waiting.length || !navigator.onLine || out;
  signIn.hidden = !out || !navigator.onLine;
  look.hidden = location.pathname === look.pathname;
  for (const form of document.querySelectorAll(`form[action="${texts.signOut}"]`)) {
    if (waiting.length + refused.length) { form.dataset.confirm = texts.leave; form.dataset.confirmDetail = texts.leaveDetail; form.dataset.confirmVerb = texts.leaveVerb; }
    else delete form.dataset.confirm;
  }
  clearTimeout(timer);
  const next = Math.min(...waiting.map(({ next_try }) => next_try || 0));
  if (waiting.length && Number.isFinite(next)) timer = setTimeout(() => send(false), Math.max(1_000, next - Date.now()));
}
async function send(now) {
  if (running) { again ||= now; return; }
  running = true;
  try {
    do {
      const whole = now || again;
      again = false;
      await outbox.sendAll({ person, now: whole });
    } while (again);
  } catch { /* it stays where it is */ } finally { running = false; }
  await show().catch(() => {});
}

// Pages of the field are kept as they are opened, and ahead of time by <button data-prepare="/a/ /b/">
const keepPage = async (cache, url) => {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new TypeError(url);
  await cache.put(url, answer);
};
async function prepare(button) {
  const place = document.querySelector("[data-prepare-said]");
  const urls = button.dataset.prepare.split(/\s+/).filter(Boolean);
  const cache = await caches.open("pages");
  button.setAttribute("aria-busy", "true");
  let done = 0;
  for (const url of urls) {
    try { await keepPage(cache, url); done += 1; } catch { /* counted below */ }
    if (place) place.textContent = `${done} / ${urls.length}`;
  }
  button.removeAttribute("aria-busy");
  const whole = done === urls.length;
  if (place) place.textContent = `${whole ? button.dataset.ready : button.dataset.notAll} (${done} / ${urls.length})`;
  place?.classList.toggle("late", !whole);
  navigator.storage?.persist?.().catch(() => {});
}

if (outbox && bar && person && self.indexedDB) {
  outbox.listen(() => show().catch(() => {}));
  sendNow.addEventListener("click", () => send(true));
  window.addEventListener("online", () => send(true));
  window.addEventListener("offline", () => show().catch(() => {}));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(true); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) send(true); });
  outbox.tidy(person).then(show).then(() => send(true)).catch(() => { bar.hidden = false; words.textContent = texts.noStore; });
  if ("caches" in self && "serviceWorker" in navigator) {
    for (const button of document.querySelectorAll("[data-prepare]")) {
      button.hidden = false;
      button.addEventListener("click", () => prepare(button).catch(() => {}));
    }
    if (document.querySelector("[data-field], [data-keep-page]")) {
      navigator.storage?.persist?.().catch(() => {});
      navigator.serviceWorker.ready.then(async () => {
        const cache = await caches.open("pages");
        // the very first page came before there was a worker to keep it
        if (!(await cache.match(location.pathname, { ignoreVary: true }))) await keepPage(cache, location.pathname);
      }).catch(() => {});
    }
  }
}
