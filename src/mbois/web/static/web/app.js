// What every page gets on top of plain HTML. Nothing here is needed to do the work.
const page = document.documentElement;
const text = (name) => document.body.dataset[`text${name}`] || "";
page.classList.add("js");

// What a page needs besides may be lost on a weak line: it is asked for again, under another address, as a
// browser keeps a failure.
async function patiently(ask) {
  let after = "";
  for (const pause of [1, 4, 15]) {
    try {
      return await ask(after);
    } catch {
      await new Promise((done) => setTimeout(done, pause * 1_000));
      after = `?after=${pause}`;
    }
  }
  return ask(after);
}
// Components bring their own module: <div data-module="/static/web/upload.js">
const fetched = (address) => patiently((after) => import(address + after));
// Plain scripts and style sheets a component needs: each comes once for the page; fails where one does not come
const linked = new Map();
function link(...addresses) {
  return Promise.all(addresses.map((address) => {
    if (!linked.has(address)) {
      linked.set(address, patiently((after) => new Promise((onload, onerror) => {
        document.head.append(address.endsWith(".css")
          ? Object.assign(document.createElement("link"), { rel: "stylesheet", href: address + after, onload, onerror })
          : Object.assign(document.createElement("script"), { src: address + after, onload, onerror }));
      })));
    }
    return linked.get(address);
  }));
}
// A map on which nothing is yet, with the words and addresses of web/parts/map_data.html
async function board(place, words) {
  await link(words.leafletCss, words.leaflet);
  place.hidden = false;
  const map = window.L.map(place, { scrollWheelZoom: false, zoomControl: false });
  map.attributionControl.setPrefix(false);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", words.textMap);
  window.L.control.zoom({ zoomInTitle: words.textNearer, zoomOutTitle: words.textFarther }).addTo(map);
  const source = Object.assign(document.createElement("a"), { href: "https://www.openstreetmap.org/copyright", textContent: words.textSource });
  window.L.tileLayer(words.tiles, { maxZoom: 19, attribution: source.outerHTML }).addTo(map);
  return map;
}
// The outbox of this phone; its script is in the page, unless it was lost on the way
async function outbox() {
  const script = document.querySelector("script[src*='/outbox.']");
  if (!self.mboisOutbox && script) await link(script.src).catch(() => {});
  return self.mboisOutbox;
}
// What somebody typed before a module had come is said again when it is there, so that it is counted, looked up
// and kept like the rest. (What a browser put back by itself, on the way back to a page, was not typed.)
const early = new Set();
const isField = (field) => field.matches?.("input:not([type=file], [type=hidden]), textarea, select");
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  for (const field of document.querySelectorAll("form input, form textarea")) {
    const changed = ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
    if (changed && isField(field)) early.add(field);
  }
}
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target, isTrusted }) => { if (isTrusted && isField(target) && document.querySelector("[data-awake=half]")) early.add(target); }, true);
}
function repeat(scope) {
  for (const field of early) {
    if (!scope.contains(field)) continue;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  if (!document.querySelector("[data-awake=half]")) early.clear();
}
function wake(root) {
  for (const element of root.querySelectorAll("[data-module]:not([data-awake])")) {
    element.dataset.awake = "half";
    fetched(element.dataset.module)
      .then((module) => module.default(element))
      .then(() => { element.dataset.awake = "whole"; repeat(element.closest("form") || element); }, () => {});
  }
  for (const input of root.querySelectorAll("input[data-money]")) group(input);
  for (const toast of root.querySelectorAll(".toast:not([data-awake])")) dress(toast);
  for (const here of root.querySelectorAll(".tabs [aria-current]")) {
    const bar = here.closest(".tabs"); // the tab one is on is seen, on a narrow screen too
    bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
  }
}

// Money groups itself while digits are typed. What is pasted in another form, or has points and commas that
// somebody set themselves, is left for the server to read: "500.00" must not become 50.000.
function group(input, event) {
  const point = page.lang === "en" ? "," : ".";
  const typed = input.value;
  const before = typed.replace(/^\s*(?:rp\.?|idr)\s*/i, "");
  if (!before) delete input.dataset.own;
  if (event?.inputType === "insertText" && /[.,]/.test(event.data || "")) input.dataset.own = "";
  if ("own" in input.dataset || !/^[\d.,\s]+$/.test(before)) return;
  const keyed = event?.inputType === "insertText" || event?.inputType?.startsWith("deleteContent");
  const whole = before.trim().split(point);
  const grouped = whole.length > 1 && /^\d{1,3}$/.test(whole[0]) && whole.slice(1).every((part) => /^\d{3}$/.test(part));
  if (!keyed && !grouped && !/^\d+$/.test(before.trim())) return;
  if (keyed && (before.match(/[.,]/g) || []).some((sign) => sign !== point)) return;
  const digits = before.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const after = digits.replace(/\B(?=(\d{3})+$)/g, point);
  if (after === typed) return;
  const right = typed.length - (input.selectionStart ?? typed.length);
  input.value = after;
  if (document.activeElement === input) input.setSelectionRange(after.length - right, after.length - right);
}

// Toasts: good news leaves by itself, the rest stays until it is closed
function dress(toast) {
  toast.dataset.awake = "";
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", text("Close"));
  close.textContent = "✕";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  if (["success", "info"].includes(toast.dataset.toast)) setTimeout(() => toast.remove(), 9000);
}
export function say(words, kind = "info") {
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  toast.dataset.toast = kind;
  const line = document.createElement("p");
  line.textContent = words;
  toast.append(line);
  document.querySelector(".toasts")?.append(toast);
  dress(toast);
}

// Forms that are kept while they are written. `send` sends one as it stands and fails where it did not arrive.
// One sending follows the other, so that what is older never comes later; what did not arrive is sent again.
const keepers = new WeakMap(); // form → what sends at once all that was not sent yet, and ends when it was
function keeper(form, send) {
  let timer = 0, under, again = false;
  async function sendings() {
    do {
      again = false;
      try {
        await send();
        form.removeAttribute("data-unkept");
        if (!again && !timer) form.removeAttribute("data-typed"); // leaving loses nothing
      } catch {
        form.dataset.unkept = "";
        if (!again) soon(8000);
      }
    } while (again);
    under = undefined;
  }
  const rest = () => { clearTimeout(timer); timer = 0; };
  function now() {
    rest();
    if ("sending" in form.dataset) return under; // what comes in after it was sent is not of this page any more
    if (under) again = true;
    else under = sendings();
    return under;
  }
  function soon(pause = 900) {
    rest();
    timer = setTimeout(now, pause);
  }
  // what the form itself sends next is newer than all that was not sent yet
  keepers.set(form, (leaver) => {
    if (leaver !== form) return timer ? now() : under;
    rest();
    again = false;
    return under;
  });
  return soon;
}
const keepAll = (leaver) => [...document.forms].map((form) => keepers.get(form)?.(leaver)).filter(Boolean);
addEventListener("online", () => keepAll());
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepAll(); });
// Whoever leaves by a link or a form goes when all is kept, or after some seconds without an answer: the next page
// must not be older than what was typed, and what is sent next not be overtaken.
const leaving = new WeakMap(); // link or form → whether it may go
function keptFirst(event, leaver, go) {
  if (leaving.get(leaver)) return;
  const waits = keepAll(leaver);
  if (!waits.length && !leaving.has(leaver)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (leaving.has(leaver)) return;
  leaving.set(leaver, false);
  const pressed = event.type === "click" ? leaver : event.submitter;
  const late = setTimeout(() => pressed?.setAttribute("aria-busy", "true"), 400);
  Promise.race([Promise.all(waits), new Promise((done) => setTimeout(done, 6000))]).then(() => {
    clearTimeout(late);
    pressed?.removeAttribute("aria-busy");
    leaving.set(leaver, true);
    go();
    leaving.delete(leaver);
  });
}
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  keptFirst(event, form, () => form.requestSubmit(submitter?.form === form ? submitter : undefined));
}, true);
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const here = link && link.origin === location.origin && !link.target && !link.hasAttribute("download") && !link.getAttribute("href").startsWith("#");
  if (here && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) keptFirst(event, link, () => link.click());
}, true);
window.mbois = { say, link, board, outbox, keeper };

// A dialog that asks before a form is sent: <form data-confirm="Reject it?" data-confirm-verb="Reject">
function ask(form, submitter) {
  const words = { ...form.dataset, ...(submitter?.dataset.confirm ? submitter.dataset : {}) };
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "ask-title");
  const box = document.createElement("article");
  const title = document.createElement("h2");
  title.id = "ask-title";
  title.textContent = words.confirm;
  const detail = document.createElement("p");
  detail.textContent = words.confirmDetail || "";
  const row = document.createElement("div");
  row.className = "actions";
  const no = Object.assign(document.createElement("button"), { type: "button", className: "outline", textContent: text("No") });
  const yes = Object.assign(document.createElement("button"), { type: "button", textContent: words.confirmVerb || text("Yes") });
  if ("confirmDanger" in words) yes.className = "danger";
  row.append(no, yes);
  box.append(title, detail, row);
  dialog.append(box);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
    form.append(said);
    form.dataset.confirmed = "";
    form.requestSubmit(submitter && submitter.form === form ? submitter : undefined);
  });
  dialog.showModal();
  no.focus();
}

// Nobody is asked about a step that cannot be taken: a form that lacks something goes to the server, which says what.
const lacks = (form) => [...form.elements].some((field) => field.validity?.valueMissing);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const submitter = event.submitter;
  const asks = form.dataset.confirm || submitter?.dataset.confirm;
  if (asks && !("confirmed" in form.dataset) && !("unready" in form.dataset) && !lacks(form)) {
    event.preventDefault();
    event.stopPropagation();
    ask(form, submitter);
    return;
  }
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-held")) return;
  if ("sending" in form.dataset) { event.preventDefault(); return; } // sent already
  form.dataset.sending = "";
  form.removeAttribute("data-typed");
  form.removeAttribute("data-unkept");
  setTimeout(() => form.removeAttribute("data-sending"), 10000); // an answer that is a file leaves the page open
  const button = submitter || form.querySelector("button:not([type=button])");
  setTimeout(() => { if (button && !form.hasAttribute("hx-post")) { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); } });
}, true);
// back from the next page: forms may be sent again
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) form.removeAttribute("data-sending");
  for (const button of document.querySelectorAll("button[aria-busy]")) { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); }
});
document.addEventListener("htmx:afterRequest", (event) => event.target.closest?.("form")?.removeAttribute("data-sending"));

document.addEventListener("input", (event) => {
  if (event.target.matches("input[data-money]")) group(event.target, event);
  event.target.closest("form[data-guard]")?.setAttribute("data-typed", "");
});
// <form data-guard>: do not lose what was typed by a slip of the thumb
window.addEventListener("beforeunload", (event) => {
  // what is sent when the page goes already (pagehide) is lost where a service worker is in between
  keepAll();
  if (document.querySelector("form[data-guard][data-typed], form[data-unkept]")) { event.preventDefault(); event.returnValue = text("Leave"); }
});

document.addEventListener("click", async (event) => {
  const share = event.target.closest("[data-share]");
  if (share) {
    const { url, title, body } = share.dataset;
    if (navigator.share) {
      event.preventDefault();
      navigator.share({ url, title, text: body || title }).catch(() => {});
    } else if (navigator.clipboard && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      await navigator.clipboard.writeText(url).catch(() => {});
      say(text("Copied"), "success");
    }
  }
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1) { event.preventDefault(); history.back(); }
  if (event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  // "/" goes to the search of the page
  if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
    const search = document.querySelector(".tools input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

// The line: say when it is gone, and when it is back
let bar;
function line() {
  if (!navigator.onLine && !bar) {
    bar = Object.assign(document.createElement("div"), { className: "offline-bar", textContent: text("Offline") });
    bar.setAttribute("role", "status");
    document.body.prepend(bar);
  } else if (navigator.onLine && bar) {
    bar.remove();
    bar = undefined;
    say(text("Online"), "success");
  }
}
window.addEventListener("online", line);
window.addEventListener("offline", line);
line();

document.querySelector("[data-focus]")?.focus();
wake(document);
document.addEventListener("htmx:load", (event) => wake(event.detail.elt.parentElement || document));

// Gone back while this page was still coming: nobody heard it, and the address is of another page than what is
// shown. That page is asked for, once.
document.addEventListener("DOMContentLoaded", () => {
  const bare = (address) => address.split("#")[0];
  const shown = performance.getEntriesByType("navigation")[0]?.name;
  if (!shown || bare(shown) === bare(location.href)) sessionStorage.removeItem("asked");
  else if (sessionStorage.getItem("asked") !== location.href) {
    sessionStorage.setItem("asked", location.href);
    location.reload();
  }
});

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((worker) => {
    // pages kept for one person are not shown to the next
    // (a page that does not know whose it is says nothing: the one for "no connection")
    if (page.dataset.person !== undefined) worker.active?.postMessage({ person: page.dataset.person });
  }).catch(() => {});
}
