// Menus close like menus; the navigation slides in on small screens; keys open search.
import { on } from "./page.js";

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  document.body.classList.remove("side-open");
});
on("keydown", "details[data-menu]", (event, menu) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
  const items = [...menu.querySelectorAll(".menu-body a[href], .menu-body button, .menu-body input:not([type=hidden])")];
  if (!items.length) return;
  event.preventDefault();
  menu.open = true;
  const here = items.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? here + 1 : here - 1;
  items[(next + items.length) % items.length].focus();
});
// a menu near the edge opens towards the middle
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("details[data-menu]") || !event.target.open) return;
    for (const menu of openMenus()) if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
    const body = event.target.querySelector(".menu-body");
    const box = body.getBoundingClientRect();
    if (box.left < 4) event.target.classList.add("start");
    if (box.right > innerWidth - 4) event.target.classList.remove("start");
  },
  true,
);

on("click", "[data-side]", (event) => {
  event.preventDefault();
  document.body.classList.add("side-open");
  document.querySelector("#side a")?.focus();
});
on("click", "[data-side-close]", (event) => {
  event.preventDefault();
  document.body.classList.remove("side-open");
  if (location.hash === "#side") history.replaceState(null, "", location.pathname + location.search);
});
