// Asks again for what is live, every 15 seconds or as its data-every says, while the page is in view and not paused.
(() => {
  "use strict";
  const bar = document.querySelector("[data-live-bar]");
  let paused = false;

  function say() {
    for (const element of bar.children) {
      element.textContent = paused ? element.dataset.pausedWords : element.dataset.liveWords;
    }
  }

  function refresh() {
    // Lanes fill once: what comes in later stands still.
    document.documentElement.classList.add("no-motion");
    // Whoever is inside with the keyboard keeps the place.
    if (paused || document.hidden || document.activeElement.closest("[data-live], [data-live-along]")) return;
    for (const part of document.querySelectorAll("[data-live]")) window.htmx.trigger(part, "refresh");
  }

  const first = document.querySelector("[data-live]");
  if (!bar || !first || !window.htmx) return;
  bar.hidden = false;
  bar.querySelector("button").addEventListener("click", () => {
    paused = !paused;
    say();
  });
  say();
  setInterval(refresh, Number(first.dataset.every || 15) * 1000);
})();
