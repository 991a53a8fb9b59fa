// Writes the bib while its name is typed, and stops a second press.
(() => {
  "use strict";
  const name = document.getElementById("id_name");
  const pageName = document.getElementById("id_page_name");
  const isProtected = document.getElementById("id_is_protected");
  const team = document.getElementById("id_team");
  const bibName = document.querySelector("[data-bib-name]");

  function draw() {
    const full = name.value.trim();
    const own = pageName.value.trim();
    bibName.textContent = own || (isProtected.checked ? full.split(/\s+/)[0] : full) || bibName.dataset.words;
    document.querySelector("[data-bib-team]").textContent = team.value.trim();
  }

  if (bibName && name && pageName && isProtected && team) {
    for (const input of [name, pageName, isProtected, team]) input.addEventListener("input", draw);
    draw();
  }

  for (const form of document.querySelectorAll("form[data-once]")) {
    const button = form.querySelector("button[data-busy]");
    const words = button.textContent;
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-disabled", "true");
    });
    // Back from the next page: the form may be sent again.
    window.addEventListener("pageshow", () => {
      delete form.dataset.sent;
      button.textContent = words;
      button.removeAttribute("aria-disabled");
    });
  }
})();
