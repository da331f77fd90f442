// One press, one submit; no empty parameters in addresses; colours change at once.
import { on } from "./page.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "1";
  const button = event.submitter;
  button?.classList.add("busy");
  const wake = () => {
    delete form.dataset.sent;
    button?.classList.remove("busy");
  };
  setTimeout(wake, 8000);
  addEventListener("pageshow", wake, { once: true });
});

document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  const values = event.detail.formData ?? event.detail.parameters;
  for (const [name, value] of [...values.entries()]) if (value === "") values.delete(name);
});

on("click", "[data-theme-choice]", async (event, button) => {
  event.preventDefault();
  const root = document.documentElement;
  root.dataset.theme = button.value;
  document.dispatchEvent(new Event("wuyou:theme"));
  for (const other of button.form.querySelectorAll("[data-theme-choice]")) other.toggleAttribute("aria-current", other === button);
  button.setAttribute("aria-current", "true");
  const values = new FormData(button.form);
  values.set("theme", button.value);
  await fetch(button.form.action, { method: "POST", body: values, headers: { "HX-Request": "true" } });
});
