// Keeps the page of a door and what it needs, so that it opens without a line. It holds no name: who comes
// is known by marks of codes, which the page itself keeps.
const setup = {{ setup|safe }};
const shell = `door-${setup.version}`;
const pages = "door-pages";
const PATIENCE = 4000; // a weak line is worse than none: then the kept page comes first

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((cache) => cache.addAll(setup.assets)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("door-") && name !== shell && name !== pages).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
async function page(request) {
  const cache = await caches.open(pages);
  const kept = await cache.match(request, { ignoreVary: true, ignoreSearch: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  const late = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}
async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept && /\.[0-9a-f]{12}\./.test(request.url)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(shell)).put(request, answer.clone());
    return answer;
  } catch (failure) {
    if (kept) return kept;
    throw failure;
  }
}
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else if (setup.assets.includes(url.pathname)) event.respondWith(asset(event.request));
});
