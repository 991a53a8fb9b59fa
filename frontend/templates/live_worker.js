// Keeps one screen's page, and what it is drawn with, for when there is no network. Nothing else goes through here.
"use strict";
const SHELF = "live";
// The address of the screen is the whole scope: the worker itself knows none.
const PAGE = new URL(self.registration.scope).pathname;
const SCREENS = PAGE.slice(0, PAGE.lastIndexOf("/") + 1);
const PARTS = ["{% static "css/tokens.css" %}", "{% static "css/live.css" %}", "{% static "js/screen.js" %}", "{% static "fonts/archivo.woff2" %}", "{% static "favicon.svg" %}"];
// An address that does not answer is one that is away.
const PATIENCE = 10000;
// A page that says the same is kept anew so often: a card that is written to all day wears out.
const AGAIN = 60000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll([PAGE, ...PARTS])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(renew().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname === PAGE) event.respondWith(page());
  else if (PARTS.includes(pathname)) event.respondWith(part(event.request));
});

// What an older site was drawn with is not needed any more.
async function renew() {
  const shelf = await caches.open(SHELF);
  for (const { url } of await shelf.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== PAGE && !PARTS.includes(pathname) && !pathname.startsWith(SCREENS)) await shelf.delete(url);
  }
}

// The page of now; the kept one, which says so, where there is none. A screen that was switched off loses it.
async function page() {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(PAGE, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await keep(shelf, answer.clone());
    else if (answer.status === 404) await shelf.delete(PAGE);
    if (answer.status < 500) return answer;
  } catch {
    // No network.
  }
  const kept = await shelf.match(PAGE);
  if (!kept) return Response.error();
  const headers = new Headers(kept.headers);
  headers.set("X-Kept", "1");
  return new Response(kept.body, { headers });
}

async function keep(shelf, answer) {
  const kept = await shelf.match(PAGE);
  const age = kept ? Date.parse(answer.headers.get("Date")) - Date.parse(kept.headers.get("Date")) : Infinity;
  if (!kept || age > AGAIN || kept.headers.get("ETag") !== answer.headers.get("ETag")) await shelf.put(PAGE, answer);
}

// What is there now, and the kept one without network: it is asked for once a loading, and a loading is rare.
async function part(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await shelf.put(request, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(request)) || Response.error();
  }
}
