// Command palette: Ctrl/⌘-K or «/», arrows and Enter.
import htmx from "htmx.org";
import { on } from "./page.js";

const palette = document.getElementById("palette");
const input = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
const hits = () => [...list.querySelectorAll("a[role='option']")];

function choose(place) {
  const all = hits();
  if (!all.length) return;
  const at = (place + all.length) % all.length;
  all.forEach((hit, index) => {
    hit.id ||= `hit-${index}`;
    hit.setAttribute("aria-selected", String(index === at));
  });
  all[at].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", all[at].id);
}

const chosen = () => hits().findIndex((hit) => hit.getAttribute("aria-selected") === "true");

function show() {
  if (palette.open) return;
  palette.showModal();
  input.select();
  htmx.trigger(input, "open");
}

if (palette) {
  on("click", "[data-palette]", (event) => {
    event.preventDefault();
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing && !document.querySelector("dialog[open]"))) {
      event.preventDefault();
      show();
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen() + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      (hits()[chosen()] ?? hits()[0])?.click();
    }
  });
  list.addEventListener("htmx:afterSwap", () => choose(0));
}
