// Leaves this page at once: by the button, by the first link, or by Shift three times, with 5 seconds between.
// Written after GOV.UK's component "Exit this page", and unlike it replaces this page in the list that "Back" goes through.
(() => {
  "use strict";
  const root = document.querySelector("[data-exit]");
  if (!root) return;
  const wait = 5000;
  const button = root.querySelector("[data-leave]");
  const words = root.dataset;
  const title = document.title;
  const lights = document.createElement("span");
  const told = document.createElement("span");
  let overlay = null;
  let pressed = 0;
  let modified = false;
  let running = 0;
  let clearing = 0;

  lights.className = "exit-lights";
  lights.setAttribute("aria-hidden", "true");
  for (let count = 0; count < 3; count += 1) lights.append(document.createElement("i"));
  button.append(lights);
  told.className = "hidden-words";
  told.setAttribute("role", "status");
  root.append(told);

  function light() {
    lights.classList.toggle("exit-lights-on", pressed > 0);
    [...lights.children].forEach((one, place) => one.classList.toggle("exit-light-on", place < pressed));
  }

  function leave() {
    told.textContent = "";
    // A script's leap does not hear the link's rel: the page itself must say that nobody learns where it comes from.
    const quiet = document.createElement("meta");
    quiet.name = "referrer";
    quiet.content = "no-referrer";
    document.head.append(quiet);
    document.body.classList.add("exit-hides");
    document.title = words.done;
    overlay = document.createElement("div");
    overlay.className = "exit-overlay";
    overlay.setAttribute("role", "alert");
    document.body.append(overlay);
    // Said after it is there, or some screen readers stay silent.
    overlay.textContent = words.done;
    window.location.replace(button.href);
  }

  function end() {
    clearTimeout(running);
    running = 0;
    pressed = 0;
    told.textContent = words.over;
    clearing = setTimeout(() => { told.textContent = ""; }, wait);
    light();
  }

  function press() {
    pressed += 1;
    light();
    clearTimeout(clearing);
    clearTimeout(running);
    if (pressed >= 3) {
      pressed = 0;
      running = 0;
      leave();
      return;
    }
    told.textContent = pressed === 1 ? words.twoMore : words.oneMore;
    running = setTimeout(end, wait);
  }

  document.addEventListener("keyup", (event) => {
    // Shift that made a capital is told by the key before it.
    if (event.key === "Shift" && !modified) press();
    else if (running) end();
    modified = event.shiftKey;
  }, true);
  for (const link of document.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  // Who comes back all the same finds the page as it was.
  window.addEventListener("pageshow", () => {
    document.body.classList.remove("exit-hides");
    document.title = title;
    if (overlay) overlay.remove();
    overlay = null;
    told.textContent = "";
    clearTimeout(running);
    clearTimeout(clearing);
    running = 0;
    pressed = 0;
    light();
  });
})();
