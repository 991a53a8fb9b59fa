// Shows the chosen photo upright and lets its owner choose the part, four wide to three high; the server cuts.
// Without it, or for a file the browser cannot read, the server keeps the middle.
(() => {
  "use strict";
  const form = document.querySelector("[data-crop]");
  if (!form || !window.createImageBitmap) return;
  const file = form.elements.photo;
  const tools = form.querySelector("[data-crop-tools]");
  const canvas = tools.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const [zoom, across, down] = ["zoom", "across", "down"].map((name) => tools.querySelector(`[data-crop-${name}]`));
  const sides = ["left", "top", "right", "bottom"].map((name) => form.elements[name]);
  const SHAPE = 4 / 3;
  const CLOSEST = 3;
  let picture = null;

  // The part in fractions of the upright picture.
  function part() {
    const wide = Math.min(1, (picture.height * SHAPE) / picture.width);
    const high = Math.min(1, picture.width / SHAPE / picture.height);
    const closer = 1 + (Number(zoom.value) / 100) * (CLOSEST - 1);
    const width = wide / closer;
    const height = high / closer;
    const left = (1 - width) * (Number(across.value) / 100);
    const top = (1 - height) * (Number(down.value) / 100);
    return { left, top, width, height };
  }

  function show() {
    if (!picture) return;
    const shown = part();
    pen.drawImage(
      picture,
      shown.left * picture.width,
      shown.top * picture.height,
      shown.width * picture.width,
      shown.height * picture.height,
      0,
      0,
      canvas.width,
      canvas.height,
    );
    const ends = [shown.left, shown.top, shown.left + shown.width, shown.top + shown.height];
    sides.forEach((side, place) => {
      side.value = Math.min(1, ends[place]).toFixed(5);
    });
    // A slider without room to move says so.
    across.disabled = shown.width > 0.999;
    down.disabled = shown.height > 0.999;
  }

  function forget() {
    picture = null;
    tools.hidden = true;
    sides.forEach((side) => {
      side.value = "";
    });
  }

  file.addEventListener("change", async () => {
    forget();
    if (!file.files.length) return;
    try {
      picture = await createImageBitmap(file.files[0], { imageOrientation: "from-image" });
    } catch {
      return;
    }
    zoom.value = 0;
    across.value = 50;
    down.value = 50;
    tools.hidden = false;
    show();
  });
  for (const slider of [zoom, across, down]) slider.addEventListener("input", show);

  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, across: Number(across.value), down: Number(down.value) };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held || !picture) return;
    const shown = part();
    const box = canvas.getBoundingClientRect();
    const moved = (from, pixels, size, length) => {
      const room = 1 - length;
      return room > 0.001 ? Math.max(0, Math.min(100, from - ((pixels / size) * length * 100) / room)) : from;
    };
    across.value = moved(held.across, event.clientX - held.x, box.width, shown.width);
    down.value = moved(held.down, event.clientY - held.y, box.height, shown.height);
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });

  const button = form.querySelector("button[data-busy]");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  });
})();
