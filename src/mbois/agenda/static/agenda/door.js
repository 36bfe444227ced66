// A phone at the door: checks signed tickets without a line and keeps every scan until the server has it.
// A scan: { id, at, text, part, mark, verdict, sent, problem }. The id is made here, so that sending twice
// is one. Nothing is ever thrown away that was not sent.
const root = document.querySelector("[data-door]");
const words = root.dataset;
const find = (name) => root.querySelector(`[data-${name}]`);
const BATCH = 100;
const SAME = 3000; // the camera sees one code many times a second

// ---- what the phone keeps -------------------------------------------------------------------------

let opened;
function database() {
  opened ||= new Promise((done, failed) => {
    const asked = indexedDB.open(`mbois-door-${words.key}`, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("scans", { keyPath: "id" });
    };
    asked.onsuccess = () => { asked.result.onclose = () => { opened = undefined; }; done(asked.result); };
    asked.onerror = () => { opened = undefined; failed(asked.error); };
  });
  return opened;
}
async function run(store, mode, work) {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  return new Promise((done, failed) => {
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onabort = () => failed(transaction.error || new Error("aborted"));
  });
}
const kept = (name) => run("kept", "readonly", (store) => store.get(name));
const keep = (name, value) => run("kept", "readwrite", (store) => store.put(value, name));
const write = (scan) => run("scans", "readwrite", (store) => store.put(scan));
const everything = () => run("scans", "readonly", (store) => store.getAll());

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// ---- checking -------------------------------------------------------------------------------------

let roster = null;
let marks = new Map(); // mark → { activity, good }
let inside = new Map(); // part → Map(mark → hour or null)
let scans = [];
let phone = "";
const keys = new Map();

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const coded = (text) => new TextEncoder().encode(text);
async function markOf(code) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", coded(`${roster.salt}:${code}`)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 12);
}
async function keyOf(activity) {
  if (!keys.has(activity)) {
    const known = roster.keys[activity];
    keys.set(activity, known ? await crypto.subtle.importKey("jwk", known, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]) : null);
  }
  return keys.get(activity);
}
function learn(fresh) {
  roster = fresh;
  keys.clear();
  marks = new Map();
  for (const [activity, lists] of Object.entries(fresh.tickets)) {
    for (const mark of lists.good) marks.set(mark, { activity, good: true });
    for (const mark of lists.gone) marks.set(mark, { activity, good: false });
  }
  inside = new Map(fresh.parts.map((part) => [part.code, new Map(part.inside.map((mark) => [mark, null]))]));
  for (const scan of scans) remember(scan);
}
function remember(scan) {
  if (!scan.mark || !["in", "again"].includes(scan.verdict)) return;
  const seen = inside.get(scan.part);
  if (seen && !seen.get(scan.mark)) seen.set(scan.mark, scan.at);
}

// { verdict, mark, since, fresh }: what the phone can say by itself
async function check(text, part) {
  const takes = roster.parts.find((one) => one.code === part).takes;
  const pieces = text.trim().split(".");
  let code;
  let signed = "";
  if (pieces.length === 4 && pieces[0] === "MBOIS1") {
    signed = pieces[1];
    code = pieces[2];
    if (!takes.includes(signed)) return { verdict: "elsewhere", mark: "" };
    const key = await keyOf(signed);
    let good = false;
    try {
      good = Boolean(key) && await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(pieces[3]), coded(pieces.slice(0, 3).join(".")));
    } catch { good = false; }
    if (!good) return { verdict: "forged", mark: "" };
  } else {
    code = text.toUpperCase().replace(/[\s.-]/g, "");
  }
  const mark = await markOf(code);
  const known = marks.get(mark);
  if (known && !known.good) return { verdict: "cancelled", mark };
  if (known && !takes.includes(known.activity)) return { verdict: "elsewhere", mark };
  if (!known && !signed) return { verdict: "unknown", mark };
  const seen = inside.get(part);
  if (seen.has(mark)) return { verdict: "again", mark, since: seen.get(mark) };
  return { verdict: "in", mark, fresh: !known };
}

const hour = (text) => new Date(text).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
let turn = Promise.resolve(); // one after the other: two quick scans of one ticket are not both the first
function take(text) {
  turn = turn.then(() => taken(text)).catch((failure) => { show("unknown", String(failure)); });
  return turn;
}
async function taken(text) {
  if (!roster) { note(words.textNolist); return; }
  const part = find("part").value || roster.parts[0].code;
  const said = text ? await check(text, part) : { verdict: "visitor", mark: "" };
  const scan = { id: newId(), at: new Date().toISOString(), text, part, mark: said.mark, verdict: said.verdict, sent: false, problem: null };
  await write(scan); // on the disk before anybody is waved in
  scans.push(scan);
  remember(scan);
  const detail = said.verdict === "again" ? (said.since ? `${words.textSince} ${hour(said.since)}` : "")
    : said.fresh ? words.textNew
    : ["cancelled", "forged", "unknown", "elsewhere"].includes(said.verdict) ? words.textKept : "";
  show(said.verdict, detail);
  draw();
  send();
}
const TONES = { in: "ok", visitor: "ok", again: "wait", cancelled: "bad", forged: "bad", unknown: "bad", elsewhere: "bad" };
function show(verdict, detail) {
  const box = find("result");
  box.className = `door-result ${TONES[verdict]}`;
  box.dataset.verdictNow = verdict;
  find("verdict").textContent = words[`text${verdict[0].toUpperCase()}${verdict.slice(1)}`] || verdict;
  find("detail").textContent = detail;
  box.classList.remove("flash");
  requestAnimationFrame(() => box.classList.add("flash"));
  navigator.vibrate?.(TONES[verdict] === "bad" ? [120, 80, 120] : 60);
}
// Something that is no scan.
function note(text) {
  const box = find("result");
  box.className = "door-result wait";
  delete box.dataset.verdictNow;
  find("verdict").textContent = text;
  find("detail").textContent = "";
}
function draw() {
  const part = find("part").value || roster?.parts[0].code;
  const waiting = scans.filter((scan) => !scan.sent).length;
  const visitors = scans.filter((scan) => scan.verdict === "visitor" && scan.part === part).length;
  find("inside").textContent = roster ? String((inside.get(part)?.size || 0) + visitors) : "–";
  find("queue").textContent = waiting ? `${waiting} ${words.textWaiting}` : words.textSent;
  root.dataset.waiting = String(waiting);
  find("listed").textContent = roster ? `${words.textList} ${hour(roster.made_at)}` : words.textNolist;
  const list = find("list");
  list.replaceChildren(...scans.slice(-20).reverse().map((scan) => {
    const line = document.createElement("li");
    line.textContent = `${hour(scan.at)} · ${words[`text${scan.verdict[0].toUpperCase()}${scan.verdict.slice(1)}`]}${scan.sent ? " ✓" : ""}`;
    return line;
  }));
}

// ---- the line -------------------------------------------------------------------------------------

function online(now, closed = false) {
  find("line").textContent = closed ? words.textClosed : now ? words.textOnline : words.textOffline;
  root.dataset.line = closed ? "closed" : now ? "on" : "off";
}
let sending = false;
let pause = 0;
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (;;) {
      const due = scans.filter((scan) => !scan.sent).slice(0, BATCH);
      if (!due.length) break;
      const body = JSON.stringify({ phone, scans: due.map(({ id, at, text, part }) => ({ id, at, text, part })) });
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), 20_000);
      let answer;
      try {
        answer = await fetch(words.scans, { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit", signal: giveUp.signal });
      } finally { clearTimeout(timer); }
      if (answer.status === 403) { online(true, true); later(60_000); return; }
      if (!answer.ok) { later(); return; }
      const { taken: known, refused = [] } = await answer.json();
      const said = new Map([...known.map((one) => [one.id, one.problem]), ...refused.map((one) => [one.id, one.code])]);
      for (const scan of due) {
        if (!said.has(scan.id)) continue;
        Object.assign(scan, { sent: true, problem: said.get(scan.id) });
        await write(scan);
      }
      pause = 0;
      online(true);
      draw();
    }
  } catch { online(false); later(); } finally { sending = false; }
}
function later(wait) {
  pause = Math.min(60_000, (pause || 2_000) * 1.7);
  setTimeout(send, wait || pause);
}
async function refresh() {
  try {
    const answer = await fetch(words.roster, { cache: "no-store", credentials: "omit" });
    if (answer.status === 403) { online(true, true); return; }
    if (!answer.ok) return;
    const fresh = await answer.json();
    await keep("roster", fresh);
    learn(fresh);
    online(true);
    parts();
  } catch { online(false); }
  draw();
}
function parts() {
  const select = find("part");
  const before = select.value;
  select.replaceChildren(...roster.parts.map((part) => new Option(part.title, part.code)));
  const now = Date.now();
  const running = roster.parts.slice(1).find((part) => Date.parse(part.begins_at) - 3_600_000 < now && now < Date.parse(part.ends_at));
  select.value = before || (running || roster.parts[0]).code;
  if (!select.value) select.value = roster.parts[0].code;
  find("part-box").hidden = roster.parts.length < 2;
}

// ---- the camera -----------------------------------------------------------------------------------

let stream = null;
let newest = { text: "", at: 0 };
function seen(text) {
  const now = Date.now();
  if (text === newest.text && now - newest.at < SAME) { newest.at = now; return; }
  newest = { text, at: now };
  take(text);
}
// Where the browser knows no codes itself: our own reader, fetched when it is first needed.
function reader() {
  return new Promise((done, failed) => {
    if (window.jsQR) { done(window.jsQR); return; }
    const script = document.createElement("script");
    script.src = words.jsqr;
    script.onload = () => done(window.jsQR);
    script.onerror = () => { script.remove(); failed(new Error(words.jsqr)); };
    document.head.append(script);
  });
}
async function detector() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes("qr_code")) {
    const native = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await native.detect(video))[0]?.rawValue;
  }
  const jsQR = await reader();
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 640 / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}
async function start() {
  try {
    const read = await detector();
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    const video = find("video");
    video.srcObject = stream;
    find("camera").hidden = find("stop").hidden = false;
    find("scan").hidden = true;
    await video.play();
    const mine = stream;
    while (stream === mine) {
      if (video.readyState >= 2 && video.videoWidth) {
        const text = await read(video).catch(() => null);
        if (text) seen(text);
      }
      await new Promise((done) => setTimeout(done, 120));
    }
  } catch { stop(); note(words.textNocamera); }
}
function stop() {
  for (const track of stream?.getTracks() || []) track.stop();
  stream = null;
  find("camera").hidden = find("stop").hidden = true;
  find("scan").hidden = false;
}

// ---- begin ----------------------------------------------------------------------------------------

// The first opening came before the worker that keeps pages: then the page keeps itself.
async function stay() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(words.worker, { scope: "/pintu/" });
  await navigator.serviceWorker.ready;
  const pages = await caches.open("door-pages");
  if (!(await pages.match(location.href, { ignoreVary: true, ignoreSearch: true }))) await pages.add(location.href);
}
async function begin() {
  stay().catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  if (!crypto.subtle) { find("line").textContent = words.textInsecure; return; }
  phone = await kept("phone");
  if (!phone) { phone = newId(); await keep("phone", phone); }
  scans = (await everything()).sort((a, b) => (a.at < b.at ? -1 : 1));
  const before = await kept("roster");
  if (before) { learn(before); parts(); }
  draw();
  find("scan").addEventListener("click", start);
  find("stop").addEventListener("click", stop);
  find("refresh").addEventListener("click", refresh);
  find("part").addEventListener("change", draw);
  find("visitor").addEventListener("click", () => take(""));
  find("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.elements.code;
    const text = input.value.trim();
    if (text) take(text);
    input.value = "";
    input.focus();
  });
  addEventListener("online", () => { pause = 0; send(); refresh(); stay().catch(() => {}); });
  addEventListener("offline", () => online(false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  await refresh();
  send();
  setInterval(refresh, 120_000);
  root.dataset.ready = "";
}
begin();
