// Keeps the frame of the pages and the pages of the field for when there is no line, and sends what waits.
// Nothing of a person stays readable once they have signed out or somebody else has signed in.
const setup = {{ setup|safe }};
const shell = `shell-${setup.version}`;
const pages = "pages";
const state = "state";
const OLDEST = 3 * 86_400_000; // a kept page is shown for three days

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((cache) => cache.addAll([...setup.assets, setup.offline])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("shell-") && name !== shell).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// Who is signed in, as the last page said; another one finds no page of the one before
async function signedIn(person) {
  const cache = await caches.open(state);
  const known = await cache.match("/person");
  const before = known && (await known.text());
  if (before === person) return;
  if (known) await caches.delete(pages);
  await cache.put("/person", new Response(person));
}
self.addEventListener("message", (event) => {
  if (event.data && typeof event.data.person === "string") event.waitUntil(signedIn(event.data.person));
});

async function fresh(event, keep) {
  const request = event.request;
  try {
    const answer = await fetch(request);
    const person = answer.headers.get("X-Person");
    const copy = keep && person && answer.ok && !answer.redirected ? answer.clone() : null;
    event.waitUntil((async () => {
      if (person !== null) await signedIn(person);
      if (copy) await (await caches.open(pages)).put(request, copy);
    })());
    return answer;
  } catch (failure) {
    const kept = keep && (await caches.match(request, { cacheName: pages, ignoreVary: true, ignoreSearch: true }));
    if (kept && Date.now() - Date.parse(kept.headers.get("Date") || new Date()) < OLDEST) return kept;
    return (await caches.match(setup.offline, { cacheName: shell, ignoreVary: true })) || Promise.reject(failure);
  }
}
async function still(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(shell)).put(request, answer.clone());
  return answer;
}
// a plain name (development) may change its content, so it is asked for first
async function newest(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(shell)).put(request, answer.clone());
    return answer;
  } catch (failure) {
    return (await caches.match(request, { ignoreVary: true })) || Promise.reject(failure);
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST" && url.pathname === setup.sign_out) {
    event.waitUntil(signedIn("")); // also without a line
    return;
  }
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(fresh(event, setup.prefixes.some((prefix) => url.pathname.startsWith(prefix))));
  } else if (url.pathname.startsWith(setup.static)) {
    event.respondWith(/\.[0-9a-f]{12}\./.test(url.pathname) ? still(event.request) : newest(event.request));
  }
});

for (const script of setup.scripts) importScripts(script);

// The browser woke us because the line is back, perhaps with no page open
self.addEventListener("sync", (event) => {
  if (event.tag !== "mbois-outbox") return;
  event.waitUntil(self.mboisOutbox.sendAll({ now: true }).then((left) => { if (left) throw new Error("later"); }));
});
