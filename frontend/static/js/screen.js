// The big screen: asks for its own page again and again, turns its panels, and says of when it is what it shows.
(() => {
  "use strict";
  const EVERY = 4000; // A page that is hidden is gone from here this long after it is gone from the site.
  const SLOWEST = 30000;
  const PATIENCE = 10000;
  const TURN = 12000;
  const { worker } = document.currentScript.dataset;
  const own = document.currentScript.src;
  const body = document.body;
  const note = document.querySelector("[data-as-of]");
  const tools = document.querySelector("[data-tools]");
  const parse = new DOMParser();
  const moves = window.matchMedia("(prefers-reduced-motion: reduce)");
  let etag = null;
  let asOf = 0;
  let misses = 0;
  let over = false;
  let turn = 0;
  let held = false;
  let still = moves.matches || location.hash === "#still";
  let asking = 0;
  let turning = 0;
  let idle = 0;

  // --- What it says of itself ------------------------------------------------------------------------------------

  function say() {
    if (!asOf) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone: body.dataset.zone,
      hour: "numeric",
      minute: "2-digit",
    }).format(asOf);
    const words = (misses ? body.dataset.awayWords : body.dataset.keptWords).replace("{time}", time);
    if (note.textContent !== words) note.textContent = words;
    note.classList.toggle("away", misses > 0);
  }

  // --- Asking ----------------------------------------------------------------------------------------------------

  async function ask() {
    if (over) return;
    try {
      const answer = await fetch(location.pathname, {
        cache: "no-cache",
        credentials: "omit",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 404) return end();
      if (!answer.ok) throw new Error(answer.status);
      const isKept = answer.headers.has("X-Kept");
      // What the worker kept may be a minute older than what was seen here last.
      asOf = Math.max(asOf, Date.parse(answer.headers.get("Date")));
      if (etag !== answer.headers.get("ETag")) {
        show(parse.parseFromString(await answer.text(), "text/html"), isKept);
        etag = answer.headers.get("ETag");
      }
      misses = isKept ? misses + 1 : 0;
    } catch {
      misses += 1;
    }
    say();
    later();
  }

  // Slower the longer nobody answers, and not all screens of a place at once.
  function later() {
    clearTimeout(asking);
    if (document.hidden) return;
    const wait = Math.min(EVERY * 2 ** Math.min(misses, 4), SLOWEST);
    asking = setTimeout(ask, misses ? wait * (0.75 + Math.random() / 2) : wait);
  }

  function end() {
    over = true;
    document.querySelector("main").remove();
    tools.remove();
    document.querySelector("[data-over]").hidden = false;
    clearTimeout(asking);
    clearTimeout(turning);
    clearTimeout(idle);
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.getRegistration(location.pathname).then((kept) => kept && kept.unregister());
    caches.open("live").then((shelf) => shelf.delete(location.pathname));
  }

  // --- Showing ---------------------------------------------------------------------------------------------------

  function show(next, isKept) {
    const script = next.querySelector("script[data-worker]");
    // The site was renewed: so is this page, with the new look.
    if (!isKept && script && script.src !== own) return location.reload();
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other && (part.dataset.part !== "race" || !run(part, other))) part.replaceChildren(...other.childNodes);
    }
    document.title = next.title;
    face();
  }

  // Lanes that are there run on to where they are now.
  function run(part, other) {
    const [here, there] = [part, other].map((one) => [...one.querySelectorAll("path.lane")]);
    if (!here.length || here.length !== there.length) return false;
    here.forEach((lane, place) => lane.setAttribute("stroke-dasharray", there[place].getAttribute("stroke-dasharray")));
    part.querySelectorAll("svg[aria-label]").forEach((drawing, place) => {
      drawing.setAttribute("aria-label", other.querySelectorAll("svg[aria-label]")[place].getAttribute("aria-label"));
    });
    return true;
  }

  function face() {
    const panels = [...document.querySelectorAll(".panel")];
    panels.forEach((panel, place) => {
      panel.hidden = place !== turn % panels.length;
    });
  }

  function next() {
    clearTimeout(turning);
    if (held || document.hidden) return;
    turning = setTimeout(() => {
      turn += 1;
      face();
      next();
    }, TURN);
  }

  // --- Being told ------------------------------------------------------------------------------------------------

  function tell() {
    document.documentElement.classList.toggle("still", still);
    const on = { hold: held, still };
    for (const button of tools.querySelectorAll("[data-on-words]")) {
      button.textContent = on[button.dataset.does] ? button.dataset.onWords : button.dataset.offWords;
    }
  }

  const does = {
    hold() {
      held = !held;
      next();
    },
    // In the address, so that it can be kept as a bookmark: no cookie, no storage.
    still() {
      still = !still;
      history.replaceState(null, "", still ? "#still" : location.pathname);
    },
    wide() {
      const left = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      left.catch(() => {});
    },
  };

  function awake() {
    body.classList.remove("idle");
    clearTimeout(idle);
    idle = setTimeout(() => body.classList.add("idle"), 6000);
  }

  // The device is asked not to dim; it may say no.
  function lit() {
    if (navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").catch(() => {});
  }

  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    if (event.target.dataset.does) does[event.target.dataset.does]();
    tell();
  });
  for (const sign of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(sign, awake);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(asking);
    if (document.hidden || over) return clearTimeout(turning);
    lit();
    next();
    ask();
  });
  window.addEventListener("online", ask);
  if (navigator.serviceWorker) navigator.serviceWorker.register(worker, { scope: location.pathname }).catch(() => {});
  say();
  face();
  tell();
  awake();
  lit();
  next();
  ask();
})();
