// Short messages: from the page, from the server's HX-Trigger header, and when the server cannot be reached.
import { eachNew, on, words } from "./page.js";

const place = document.getElementById("toasts");
const SECONDS = 6;

function leave(toast) {
  if (toast.classList.contains("tone-bad")) return; // what went wrong stays until it was read
  let waiting = setTimeout(() => toast.remove(), SECONDS * 1000);
  toast.addEventListener("pointerenter", () => clearTimeout(waiting));
  toast.addEventListener("pointerleave", () => (waiting = setTimeout(() => toast.remove(), 2000)));
}

export function toast(tone, text) {
  const pattern = document.getElementById(`toast-${tone}`) ?? document.getElementById("toast-info");
  if (!pattern || !place) return;
  const fresh = pattern.content.firstElementChild.cloneNode(true);
  fresh.querySelector("span").textContent = text;
  // an open dialog lies above the page: the message belongs into it
  (document.querySelector("dialog[open]") ?? document.body).append(place);
  place.append(fresh);
  leave(fresh);
}

eachNew("#toasts .toast", leave);
eachNew("[data-toast]", (element) => toast(element.dataset.toast, element.textContent));
on("click", "[data-dismiss]", (event, button) => button.closest(".toast").remove());
document.body.addEventListener("toast", (event) => {
  const said = event.detail.value ?? event.detail;
  for (const one of Array.isArray(said) ? said : [said]) toast(one.tone, one.text);
});
document.addEventListener("htmx:sendError", () => toast("bad", words.failed));
document.addEventListener("htmx:timeout", () => toast("bad", words.failed));
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  toast("bad", words.passkey);
});
