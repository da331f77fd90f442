// Typed text is never lost: a form with data-draft keeps what was typed on this device until it was sent.
// Passwords, files and hidden fields are never kept; log-out forgets everything.
import { eachNew, on, words } from "./page.js";

const PREFIX = "draft:";
const WEEK = 7 * 24 * 3600 * 1000;
const kept = (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type) && field.autocomplete !== "off";

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return draft && Date.now() - draft.at < WEEK ? draft : null;
  } catch {
    return null;
  }
}

function write(key, form) {
  const values = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      (values[field.name] ??= []).push(field.checked ? field.value : null);
    } else (values[field.name] ??= []).push(field.value);
  }
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values, page: location.pathname }));
  } catch {
    /* a full or forbidden store: typing goes on without a draft */
  }
}

function fill(form, values) {
  const seen = {};
  let changed = false;
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in values)) continue;
    const place = (seen[field.name] = (seen[field.name] ?? -1) + 1);
    const value = values[field.name][place];
    if (field.type === "checkbox" || field.type === "radio") {
      const checked = value === field.value;
      changed ||= checked !== field.checked;
      field.checked = checked;
    } else if (value !== undefined) {
      changed ||= value !== field.value;
      field.value = value;
    }
  }
  return changed;
}

function note(form, key) {
  const box = Object.assign(document.createElement("div"), { className: "draft-note" });
  box.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.discard });
  button.addEventListener("click", () => {
    localStorage.removeItem(PREFIX + key);
    form.reset();
    box.remove();
  });
  box.append(words.restored, button);
  form.prepend(box);
}

eachNew("form[data-draft]", (form) => {
  const key = form.dataset.draft;
  const draft = read(key);
  if (draft?.sent && draft.sent !== location.pathname) localStorage.removeItem(PREFIX + key);
  else if (draft && !("bound" in form.dataset) && fill(form, draft.values)) note(form, key);
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => write(key, form), 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    write(key, form);
    sessionStorage.setItem("draft-sent", key);
  });
});

// the page after a sent form no longer shows that form: it has arrived
const sent = sessionStorage.getItem("draft-sent");
if (sent && ![...document.querySelectorAll("form[data-draft]")].some((form) => form.dataset.draft === sent)) localStorage.removeItem(PREFIX + sent);
sessionStorage.removeItem("draft-sent");

on("submit", "form[data-logout]", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
});
