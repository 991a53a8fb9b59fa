// Asks again for what is live, every 15 seconds or as its data-every says, while the page is in view and not paused.
(() => {
  "use strict";
  const bar = document.querySelector("[data-live-bar]");
  const first = document.querySelector("[data-live]");
  if (!bar || !first || !window.htmx) return;
  const every = Number(first.dataset.every || 15) * 1000;
  const tags = {};
  let paused = false;
  let misses = 0;
  let asOf = new Date();
  let timer = 0;

  function say() {
    const state = paused ? "paused" : misses ? "away" : "live";
    const time = asOf.toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    for (const { dataset, firstChild } of bar.children) {
      const words = (dataset[`${state}Words`] || dataset.liveWords).replace("{time}", time);
      // Written only when it changes: what is written here is read aloud.
      if (firstChild.data !== words) firstChild.data = words;
    }
  }

  // Slower the longer nobody answers, and not everybody at once.
  function later() {
    clearTimeout(timer);
    if (paused || document.hidden) return;
    timer = setTimeout(refresh, misses ? every * 2 ** Math.min(misses, 4) * (0.5 + Math.random()) : every);
  }

  // Whoever is inside with the keyboard, or has marked words, keeps the place.
  function isRead() {
    const marked = getSelection();
    const places = [document.activeElement, marked.isCollapsed ? null : marked.anchorNode.parentElement];
    return places.some((place) => place && place.closest("[data-live], [data-live-along]"));
  }

  function refresh() {
    // Lanes fill once: what comes in later stands still.
    document.documentElement.classList.add("no-motion");
    if (isRead()) return later();
    for (const part of document.querySelectorAll("[data-live]")) window.htmx.trigger(part, "refresh");
  }

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const path = detail.pathInfo.requestPath;
    const tag = detail.xhr.getResponseHeader("ETag");
    // The same as before (304 on the wire): nothing on the page is touched.
    if (tag && tags[path] === tag) detail.shouldSwap = false;
    else tags[path] = tag;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // It was hidden: it goes from this window, too.
    if (detail.xhr.status === 404) return location.reload();
    misses = detail.successful ? 0 : misses + 1;
    if (detail.successful) asOf = new Date();
    say();
    later();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (!paused) refresh();
  });
  window.addEventListener("online", () => paused || refresh());
  bar.lastElementChild.addEventListener("click", () => {
    paused = !paused;
    say();
    if (paused) clearTimeout(timer);
    else refresh();
  });
  window.htmx.config.timeout = 10000;
  for (const child of bar.children) child.append("");
  bar.hidden = false;
  say();
  bar.firstElementChild.setAttribute("role", "status");
  later();
})();
