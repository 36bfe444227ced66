// The outbox of this phone: what was recorded in the field, kept until the server has it.
// A plain script, because pages and the service worker both run it: self.mboisOutbox.
//
// A record: { client_id, person, kind, about, url, title, fields: [[name, value], …], made_at, changed_at,
// state, tries, next_try, error, answer }. Its photos lie beside it: { id, client_id, name, blob }.
// States: typing → waiting → sending → sent, or → refused (and back to typing when it is corrected).
// The id is made here before anything is sent; the server knows it again, so a record sent twice is one.
(() => {
  const READY = "/luring/tanda/"; // who is signed in, and a fresh token for forms
  const DAY = 86_400_000;
  const channel = "BroadcastChannel" in self ? new BroadcastChannel("mbois-outbox") : null;
  const listeners = new Set();
  let opened;

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function open() {
    opened ||= new Promise((done, failed) => {
      const asked = indexedDB.open("mbois", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("records", { keyPath: "client_id" }).createIndex("person", "person");
        asked.result.createObjectStore("photos", { keyPath: "id" }).createIndex("client_id", "client_id");
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
        asked.result.onclose = () => { opened = undefined; };
        done(asked.result);
      };
      asked.onerror = () => { opened = undefined; failed(asked.error); };
    });
    return opened;
  }

  // One transaction; `work` gets the two stores and answers a value or a function that reads it later.
  // Strict: when this is over, the bytes are on the disk and a killed browser does not lose them.
  async function run(mode, work) {
    const database = await open();
    return new Promise((done, failed) => {
      const transaction = database.transaction(["records", "photos"], mode, { durability: "strict" });
      let answer;
      transaction.oncomplete = () => done(typeof answer === "function" ? answer() : answer);
      transaction.onabort = () => failed(transaction.error || new DOMException("aborted", "AbortError"));
      answer = work(transaction.objectStore("records"), transaction.objectStore("photos"), transaction);
    });
  }
  function tell(record, what = "changed") {
    const news = { what, client_id: record?.client_id, state: record?.state, person: record?.person };
    channel?.postMessage(news);
    for (const listener of listeners) listener(news);
  }
  channel?.addEventListener("message", ({ data }) => { for (const listener of listeners) listener(data); });

  const all = (request) => () => request.result;
  function list(person) {
    return run("readonly", (records) => all(records.index("person").getAll(String(person))));
  }
  const get = (id) => run("readonly", (records) => all(records.get(id)));
  const photos = (id) => run("readonly", (_records, photos) => all(photos.index("client_id").getAll(id)));

  // Keep a record as it is now; refused by the phone when its storage is full (QuotaExceededError)
  async function save(record) {
    record.changed_at = Date.now();
    await run("readwrite", (records) => { records.put(record); });
    tell(record);
  }
  async function addPhoto(id, blob, name) {
    const photo = { id: newId(), client_id: id, name, blob, added_at: Date.now() };
    await run("readwrite", (_records, photos) => { photos.put(photo); });
    return photo;
  }
  const removePhoto = (id) => run("readwrite", (_records, photos) => { photos.delete(id); });
  function forget(photos, id) {
    photos.index("client_id").getAllKeys(id).onsuccess = ({ target }) => { for (const key of target.result) photos.delete(key); };
  }
  async function remove(id) {
    await run("readwrite", (records, photos) => { records.delete(id); forget(photos, id); });
    tell({ client_id: id }, "removed");
  }

  // From one of some states to another, or nothing (undefined): two tabs never both win
  async function move(id, from, changes, { dropPhotos = false } = {}) {
    const moved = await run("readwrite", (records, photos) => {
      let record;
      records.get(id).onsuccess = ({ target }) => {
        if (!target.result || !from.includes(target.result.state)) return;
        record = { ...target.result, ...changes, changed_at: Date.now() };
        records.put(record);
        if (dropPhotos) forget(photos, id);
      };
      return () => record;
    });
    if (moved) tell(moved);
    return moved;
  }
  const queue = (id) => move(id, ["typing", "refused"], { state: "waiting", tries: 0, next_try: 0, error: null });
  const edit = (id) => move(id, ["waiting", "refused"], { state: "typing", error: null });
  // The same content as a record of its own, for what was refused because its id was used before
  async function renew(id) {
    const fresh = newId();
    const renewed = await run("readwrite", (records, photos) => {
      let record;
      records.get(id).onsuccess = ({ target }) => {
        if (!["typing", "refused"].includes(target.result?.state)) return;
        record = { ...target.result, client_id: fresh, state: "waiting", tries: 0, next_try: 0, error: null, changed_at: Date.now() };
        records.put(record);
        records.delete(id);
        photos.index("client_id").getAll(id).onsuccess = (found) => {
          for (const photo of found.target.result) photos.put({ ...photo, client_id: fresh });
        };
      };
      return () => record;
    });
    if (renewed) tell(renewed);
    return renewed;
  }

  // What was sent stays some days to be looked at, then goes
  async function tidy(person) {
    for (const record of await list(person)) {
      if (record.state === "sent" && Date.now() - record.changed_at > 3 * DAY) await remove(record.client_id);
    }
  }

  // ---- sending ------------------------------------------------------------------------------------

  const pause = (tries) => Math.min(600_000, 4_000 * 3 ** Math.min(tries, 6)) * (0.75 + Math.random() / 2);

  async function ready() {
    const answer = await fetch(READY, { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect") return { person: null };
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    return answer.json();
  }

  async function post(record, token) {
    const body = new FormData();
    body.append("client_id", record.client_id);
    for (const [name, value] of record.fields) body.append(name, value);
    const pictures = (await photos(record.client_id)).sort((a, b) => a.added_at - b.added_at);
    for (const photo of pictures) body.append("photos", photo.blob, photo.name);
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), 180_000);
    try {
      return await fetch(record.url, {
        method: "POST", body, credentials: "same-origin", redirect: "manual", signal: giveUp.signal,
        headers: { Accept: "application/json", "X-CSRFToken": token },
      });
    } finally {
      clearTimeout(timer);
    }
  }

  // One record to the server. Gives "sent", "refused", "later" (the line) or "stop" (sign in first).
  async function send(id, identity) {
    const record = await move(id, ["waiting", "sending"], { state: "sending" });
    if (!record) return "sent";
    const later = (error = null) => move(id, ["sending"], {
      state: "waiting", tries: record.tries + 1, next_try: Date.now() + pause(record.tries), error,
    }).then(() => "later");
    let answer;
    try {
      answer = await post(record, identity.token);
      if (answer.status === 403 && !isJson(answer)) { // the form's token went stale meanwhile
        identity = await ready();
        if (identity.person !== record.person) return signedOut(id);
        answer = await post(record, identity.token);
      }
    } catch {
      return later();
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return signedOut(id);
    if (answer.ok && isJson(answer)) {
      let said;
      try { said = await answer.json(); } catch { return later(); } // the line broke in the answer
      await move(id, ["sending"], { state: "sent", answer: said, error: null, sent_at: Date.now() }, { dropPhotos: true });
      return "sent";
    }
    if (answer.status >= 500 || answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.ok) {
      return later({ code: `${answer.status}` });
    }
    let error = { code: `${answer.status}`, message: "" };
    if (isJson(answer)) {
      try { error = { ...error, ...(await answer.json()).error }; } catch { return later(); }
    }
    await move(id, ["sending"], { state: "refused", error: { ...error, status: answer.status } });
    return "refused";
  }
  const isJson = (answer) => (answer.headers.get("Content-Type") || "").startsWith("application/json");
  async function signedOut(id) {
    await move(id, ["waiting", "sending"], { state: "waiting", next_try: Date.now() + 60_000, error: { code: "signed_out" } });
    return "stop";
  }

  const unsent = async (person) => (await run("readonly", (records) => all(records.getAll())))
    .filter((record) => ["waiting", "sending"].includes(record.state) && (!person || record.person === String(person)));

  // Send what waits and is due (`now`: whatever is waiting) of the person who is signed in, oldest first.
  // One sender at a time in all tabs and the worker. Gives the number that still wait.
  async function sendAll({ person, now = false } = {}) {
    if (!(await unsent(person)).length) return 0;
    const work = async () => {
      const due = (await unsent(person)).filter((record) => now || record.next_try <= Date.now()).sort((a, b) => a.made_at < b.made_at ? -1 : 1);
      if (!due.length) return;
      let identity;
      try {
        identity = await ready();
      } catch {
        for (const { client_id, tries } of due) await move(client_id, ["waiting", "sending"], { state: "waiting", tries: tries + 1, next_try: Date.now() + pause(tries) });
        return;
      }
      for (const record of due) {
        if (identity.person !== record.person) { // somebody else's stays where it is
          if (!person || record.person === String(person)) await signedOut(record.client_id);
          continue;
        }
        const outcome = await send(record.client_id, identity);
        if (outcome === "later" || outcome === "stop") return;
      }
    };
    // who asks for it now waits for the one who is sending, then takes what is left
    if (navigator.locks) await navigator.locks.request("mbois-outbox", { ifAvailable: !now }, (lock) => lock && work());
    else await work();
    return (await unsent()).filter((record) => record.error?.code !== "signed_out").length;
  }

  const listen = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
  self.mboisOutbox = { newId, list, get, save, remove, photos, addPhoto, removePhoto, queue, edit, renew, tidy, sendAll, listen };
})();
