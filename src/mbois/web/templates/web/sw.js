const setup = {{ setup|safe }};
const shell = `shell-${setup.version}`;
const pages = "pages";
const state = "state";

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
self.addEventListener("message", (event) => {
  if (!event.data || typeof event.data.person !== "string") return;
  event.waitUntil((async () => {
    const cache = await caches.open(state);
    const known = await cache.match("/person");
    if (known && (await known.text()) === event.data.person) return;
    await caches.delete(pages); // another person: nothing of the last one stays readable
    await cache.put("/person", new Response(event.data.person));
  })());
});

async function fresh(request, keep) {
  try {
    const answer = await fetch(request);
    if (keep && answer.ok && !answer.redirected) (await caches.open(pages)).put(request, answer.clone());
    return answer;
  } catch (failure) {
    const kept = keep && (await caches.match(request, { cacheName: pages, ignoreVary: true }));
    if (kept) return kept;
    return (await caches.match(setup.offline, { cacheName: shell, ignoreVary: true })) || Promise.reject(failure);
  }
}
async function still(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && self.registration.active) (await caches.open(shell)).put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    event.respondWith(fresh(event.request, setup.prefixes.some((prefix) => url.pathname.startsWith(prefix))));
  } else if (url.pathname.startsWith(setup.static)) {
    // a hashed name never changes its content; a plain one (development) is asked for first
    event.respondWith(/\.[0-9a-f]{12}\./.test(url.pathname) ? still(event.request) : fetch(event.request).then(async (answer) => { if (answer.ok) (await caches.open(shell)).put(event.request, answer.clone()); return answer; }).catch(() => caches.match(event.request, { ignoreVary: true })));
  }
});
for (const script of setup.scripts) importScripts(script);
