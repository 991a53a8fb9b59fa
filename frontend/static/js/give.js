// Keeps presets and the open field in step, shows the total and its split, and stops a second press.
(() => {
  "use strict";
  const form = document.querySelector("[data-give]");
  if (!form) return;
  const presets = [...form.querySelectorAll("[name=preset]")];
  const open = form.elements.amount;
  const cover = form.elements.cover;
  const slip = form.querySelector("[data-payslip]");
  const button = form.querySelector("button[data-busy]");
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "USD" });

  // The same rule as common/money.py.
  function parse(text) {
    const match = /^\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{1,2}))?$/.exec(text.trim());
    if (!match) return 0;
    return Number(match[1].replaceAll(",", "")) * 100 + Number((match[2] || "0").padEnd(2, "0"));
  }

  // The same rule as common/split.py, odd cents from the first lane on.
  function deal(cents, weights) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const sure = 2 * cents - weights.length;
    const got = weights.map((weight) => (sure > 0 ? Math.max(0, Math.ceil((weight * sure - total) / (2 * total))) : 0));
    let left = cents - got.reduce((sum, part) => sum + part, 0);
    for (; left > 0; left -= 1) {
      let best = 0;
      weights.forEach((weight, place) => {
        if (weight * (2 * got[best] + 1) > weights[best] * (2 * got[place] + 1)) best = place;
      });
      got[best] += 1;
    }
    return got;
  }

  function chosen() {
    if (open.value.trim()) return parse(open.value);
    const preset = presets.find((radio) => radio.checked);
    return preset ? Number(preset.value) : 0;
  }

  // The rule stands on the box: so much of a thousand, and so many cents (GiveForm).
  function fee(cents) {
    if (!cover || !cover.dataset.perMille) return null;
    const kept = 1000 - Number(cover.dataset.perMille);
    return Math.ceil(((cents + Number(cover.dataset.fixedCents)) * 1000) / kept) - cents;
  }

  function show() {
    const cents = chosen();
    if (!slip) return;
    slip.hidden = !cents && Boolean(open.value.trim());
    if (!cents) return;
    const extra = fee(cents);
    const label = form.querySelector("[data-cover-label]");
    if (label && extra !== null) label.textContent = label.dataset.words.replace("{fee}", money.format(extra / 100));
    // Without the rule we do not know the total, and say nothing rather than something wrong.
    slip.hidden = Boolean(cover && cover.checked && extra === null);
    const you = slip.querySelector("[data-you-pay]");
    you.textContent = you.dataset.youPay;
    slip.querySelector("[data-total]").textContent = money.format((cents + (cover && cover.checked ? extra : 0)) / 100);
    const row = slip.querySelector("[data-cover-row]");
    if (row && extra !== null) {
      row.hidden = !cover.checked;
      row.querySelector("[data-cover-sum]").textContent = money.format(extra / 100);
    }
    const rows = [...slip.querySelectorAll("[data-part]")];
    if (!rows.length) return;
    const parts = deal(cents, rows.map((row) => Number(row.dataset.part)));
    rows.forEach((row, place) => {
      row.textContent = money.format(parts[place] / 100);
    });
  }

  open.addEventListener("input", () => {
    if (open.value.trim()) presets.forEach((radio) => { radio.checked = false; });
    show();
  });
  for (const radio of presets) {
    radio.addEventListener("change", () => {
      open.value = "";
      show();
    });
  }
  if (cover) cover.addEventListener("change", show);

  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  });
  // Back from the payment page: the form may be sent again.
  window.addEventListener("pageshow", () => {
    if (form.dataset.sent) {
      delete form.dataset.sent;
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-disabled");
    }
    show();
  });
  show();
})();
