// The wall of photos from the keyboard: arrows move, a accepts, r rejects, Enter enlarges.
const cards = (wall) => [...wall.querySelectorAll(":scope > li")];

function columns(list) {
  const top = list[0].offsetTop;
  return Math.max(list.filter((card) => card.offsetTop === top).length, 1);
}

function move(wall, by) {
  const list = cards(wall);
  const at = list.indexOf(document.activeElement.closest("li"));
  const to = Math.min(Math.max((at < 0 ? -by : at) + by, 0), list.length - 1);
  list[at < 0 ? 0 : to]?.focus();
  list[at < 0 ? 0 : to]?.scrollIntoView({ block: "nearest" });
}

function next(wall, after) {
  const list = cards(wall);
  const from = list.indexOf(after);
  return list.slice(from + 1).find((card) => !card.classList.contains("gone")) ?? list.find((card) => !card.classList.contains("gone"));
}

export function start(root) {
  const wall = root.matches?.("[data-wall]") ? root : root.querySelector("[data-wall]");
  if (!wall || wall.dataset.started) return;
  wall.dataset.started = "1";
  cards(wall)[0]?.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const list = cards(wall);
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(list), ArrowUp: -columns(list) };
    if (steps[event.key]) {
      event.preventDefault();
      move(wall, steps[event.key]);
      return;
    }
    const button = document.activeElement.closest("[data-wall] > li")?.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  // not afterSwap: until it settles, the new card still wears the old one's classes
  wall.addEventListener("htmx:afterSettle", () => {
    const card = wall.querySelector("li.just");
    if (!card) return;
    card.classList.remove("just");
    next(wall, card)?.focus();
  });
}
