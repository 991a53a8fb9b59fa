// Finds people in the list of the check-in, and has a service worker keep it for when there is no network.
(() => {
  "use strict";
  const script = document.currentScript;
  const rows = [...document.querySelectorAll("#starters > li")];
  const finder = document.querySelector("[data-finder]");
  const nobody = document.querySelector("[data-nobody]");
  const note = document.querySelector("[data-kept]");
  const forget = document.querySelector("[data-forget]");

  // Without accents and in small letters: a keyboard at a table has no ñ.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = rows.map((row) => plain(row.textContent));

  if (rows.length) {
    finder.hidden = false;
    finder.querySelector("input").addEventListener("input", (event) => {
      const wanted = plain(event.target.value.trim());
      let found = 0;
      rows.forEach((row, place) => {
        row.hidden = /^\d+$/.test(wanted)
          ? row.querySelector(".bib-tag").textContent.trim() !== wanted
          : !words[place].includes(wanted);
        found += !row.hidden;
      });
      nobody.hidden = found > 0;
    });
  }

  function say(which) {
    note.hidden = false;
    note.querySelector("span").textContent = note.dataset[which];
  }

  if (!("serviceWorker" in navigator)) {
    say("notWords");
    return;
  }
  navigator.serviceWorker
    .register(script.dataset.worker, { scope: location.pathname })
    .then(() => navigator.serviceWorker.ready)
    .then(() => say(navigator.onLine ? "keptWords" : "awayWords"))
    .then(() => {
      forget.hidden = false;
    })
    .catch(() => say(navigator.onLine ? "notWords" : "awayWords"));
  forget.addEventListener("click", async () => {
    const kept = await navigator.serviceWorker.getRegistration(location.pathname);
    if (kept) await kept.unregister();
    await caches.delete("checkin");
    forget.hidden = true;
    say("goneWords");
  });
})();
