// Plans: wheel, drag, pinch, buttons and keys move the view; pin and list entry light up together.
const LARGEST = 12;

class Plan {
  constructor(root) {
    this.root = root;
    this.svg = root.querySelector("svg");
    this.world = root.querySelector("[data-world]");
    this.tip = root.querySelector(".plan-tip");
    const box = this.svg.viewBox.baseVal;
    this.size = { width: box.width, height: box.height };
    this.view = { x: 0, y: 0, scale: 1 };
    this.fingers = new Map();
    root.querySelector(".plan-zoom").hidden = false;
    this.listen();
    this.place();
  }

  place() {
    const { x, y, scale } = this.view;
    this.world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    for (const pin of this.world.querySelectorAll(".pin-size")) pin.setAttribute("transform", `scale(${1 / Math.sqrt(scale) / Math.sqrt(Math.sqrt(scale))})`);
  }

  clamp() {
    const edge = (length, scale, at) => Math.min(length * 0.5, Math.max(length * 0.5 - length * scale, at));
    this.view.x = edge(this.size.width, this.view.scale, this.view.x);
    this.view.y = edge(this.size.height, this.view.scale, this.view.y);
  }

  zoom(factor, at = { x: this.size.width / 2, y: this.size.height / 2 }) {
    const scale = Math.min(LARGEST, Math.max(1, this.view.scale * factor));
    const real = scale / this.view.scale;
    this.view = { scale, x: at.x - (at.x - this.view.x) * real, y: at.y - (at.y - this.view.y) * real };
    if (scale === 1) this.view = { scale, x: 0, y: 0 };
    this.clamp();
    this.place();
  }

  move(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.clamp();
    this.place();
  }

  point(event) {
    const matrix = this.svg.getScreenCTM().inverse();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  }

  light(number, on) {
    for (const element of this.root.querySelectorAll(`[data-pin="${number}"]`)) element.classList.toggle("lit", on);
    const pin = this.world.querySelector(`[data-pin="${number}"]`);
    this.tip.hidden = !on;
    if (!on || !pin) return;
    const stage = this.svg.getBoundingClientRect();
    const box = pin.getBoundingClientRect();
    this.tip.textContent = pin.getAttribute("aria-label");
    this.tip.style.left = `${Math.min(Math.max(box.left + box.width / 2 - stage.left, 70), stage.width - 70)}px`;
    this.tip.style.top = `${Math.max(box.top - stage.top, 40)}px`;
  }

  listen() {
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && this.view.scale === 1 && event.deltaY > 0) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, this.point(event));
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.fingers.set(event.pointerId, { at: this.point(event), from: [event.clientX, event.clientY] }));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) this.svg.addEventListener(name, (event) => this.release(event));
    this.svg.addEventListener("click", (event) => this.dragged && event.preventDefault(), true);
    for (const name of ["pointerover", "focusin"]) this.root.addEventListener(name, (event) => this.over(event, true));
    for (const name of ["pointerout", "focusout"]) this.root.addEventListener(name, (event) => this.over(event, false));
    this.root.querySelector(".plan-zoom").addEventListener("click", (event) => {
      const factor = Number(event.target.closest("[data-zoom]")?.dataset.zoom);
      if (factor === 0) this.view = { x: 0, y: 0, scale: 1 };
      this.zoom(factor || 1);
    });
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  over(event, on) {
    const pin = event.target.closest?.("[data-pin]");
    if (pin) this.light(pin.dataset.pin, on);
  }

  drag(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const at = this.point(event);
    if (this.fingers.size === 2) this.pinch(event, at);
    else if (this.dragged || Math.hypot(event.clientX - finger.from[0], event.clientY - finger.from[1]) > 5) {
      this.dragged = true;
      this.svg.classList.add("dragging");
      this.move(at.x - finger.at.x, at.y - finger.at.y);
    }
    finger.at = at;
  }

  pinch(event, at) {
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)[1].at;
    const before = this.fingers.get(event.pointerId).at;
    const factor = Math.hypot(at.x - other.x, at.y - other.y) / Math.max(Math.hypot(before.x - other.x, before.y - other.y), 0.01);
    this.dragged = true;
    this.zoom(factor, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  }

  release(event) {
    this.fingers.delete(event.pointerId);
    this.svg.classList.remove("dragging");
    setTimeout(() => (this.dragged = false), 0);
  }

  key(event) {
    const step = this.size.width / 12;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) this.move(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.4);
    else if (event.key === "-") this.zoom(1 / 1.4);
    else return;
    event.preventDefault();
  }
}

const known = new WeakSet();
export function start(root) {
  for (const place of root.querySelectorAll("[data-plan]")) {
    if (known.has(place)) continue;
    known.add(place);
    new Plan(place);
  }
}
