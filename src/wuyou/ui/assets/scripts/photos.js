// Photos one after the other over the whole screen.
import { on } from "./page.js";

const box = document.getElementById("lightbox");
let photos = [];
let at = 0;

function show(place) {
  at = (place + photos.length) % photos.length;
  const image = new Image();
  image.src = photos[at].href;
  image.alt = photos[at].querySelector("img").alt;
  box.querySelector(".lightbox-stage").replaceChildren(image);
  box.querySelector("p").textContent = `${at + 1} / ${photos.length}　${photos[at].dataset.caption ?? ""}`;
}

on("click", "[data-photos] a.photo", (event, link) => {
  if (event.metaKey || event.ctrlKey || !box) return;
  event.preventDefault();
  photos = [...link.closest("[data-photos]").querySelectorAll("a.photo")];
  show(photos.indexOf(link));
  box.showModal();
});
on("click", "#lightbox [data-step]", (event, button) => show(at + Number(button.dataset.step)));
box?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(at + 1);
  if (event.key === "ArrowLeft") show(at - 1);
});
let start;
box?.addEventListener("touchstart", (event) => (start = event.changedTouches[0].clientX), { passive: true });
box?.addEventListener("touchend", (event) => {
  const moved = event.changedTouches[0].clientX - start;
  if (Math.abs(moved) > 50) show(at + (moved < 0 ? 1 : -1));
});
