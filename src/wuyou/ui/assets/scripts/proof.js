// Photos are sent as soon as they are shot; a bar says how far.
const proofOf = (event) => event.target.closest?.("[data-proof]");

document.addEventListener("htmx:beforeRequest", (event) => proofOf(event)?.classList.add("sending"));
document.addEventListener("htmx:afterRequest", (event) => {
  const proof = proofOf(event);
  if (!proof) return;
  proof.classList.remove("sending");
  for (const input of proof.querySelectorAll("input[type='file']")) input.value = "";
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = proofOf(event)?.querySelector(".bar > i");
  if (bar && event.detail.total) bar.style.width = `${Math.round((100 * event.detail.loaded) / event.detail.total)}%`;
});
// only the file goes along, not what else was typed in the form around it
document.addEventListener("htmx:configRequest", (event) => {
  if (!proofOf(event) || event.detail.verb !== "post") return;
  const values = event.detail.formData ?? event.detail.parameters;
  for (const name of [...new Set(values.keys())]) if (name !== "photos" && name !== "csrfmiddlewaretoken") values.delete(name);
});
