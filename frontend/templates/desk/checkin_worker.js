// Keeps one page, the list of who takes part, and what it is drawn with. Nothing else goes through here.
"use strict";
const SHELF = "checkin";
const LIST = "{% url "desk_checkin_offline" %}";
const STATIC = "{% get_static_prefix %}";
const PARTS = ["{% static "css/site.css" %}", "{% static "css/desk.css" %}", "{% static "css/checkin.css" %}", "{% static "js/checkin.js" %}", "{% static "fonts/archivo.woff2" %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll([LIST, ...PARTS])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET") return;
  if (path === LIST) event.respondWith(list(event.request));
  else if (path.startsWith(STATIC)) event.respondWith(part(event.request));
});

// The list of now, and the kept one where there is no network. Who may not open it any more loses the kept one.
async function list(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shelf.put(LIST, answer.clone());
    else if (answer.type === "opaqueredirect" || answer.status === 404) await shelf.delete(LIST);
    return answer;
  } catch (error) {
    const kept = await shelf.match(LIST);
    if (kept) return kept;
    throw error;
  }
}

async function part(request) {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(request)) || fetch(request);
}
