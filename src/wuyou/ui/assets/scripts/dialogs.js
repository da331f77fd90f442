// Pages in a drawer or dialog, and questions before something is done. Without scripts the links are ordinary pages.
import htmx from "htmx.org";
import { on, words } from "./page.js";

function open(dialog) {
  if (!dialog.open) dialog.showModal();
}

function show(kind, url) {
  const dialog = document.getElementById(kind);
  const body = document.getElementById(`${kind}-body`);
  body.replaceChildren(document.getElementById("panel-skeleton").content.cloneNode(true));
  document.getElementById(`${kind}-title`).textContent = "";
  dialog.dataset.url = url;
  open(dialog);
  htmx.ajax("GET", url, { target: body, swap: "innerHTML" }).catch(() => {});
}

const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
for (const kind of ["drawer", "modal"]) {
  on("click", `a[data-${kind}]`, (event, link) => {
    if (!plain(event)) return;
    event.preventDefault();
    link.closest("details[data-menu]")?.removeAttribute("open");
    show(kind, link.href);
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  const kind = { "drawer-body": "drawer", "modal-body": "modal" }[event.detail.target?.id];
  if (!kind) return;
  const part = event.detail.target.querySelector("[data-panel-title]");
  if (part) document.getElementById(`${kind}-title`).textContent = part.dataset.panelTitle;
  const first = event.detail.target.querySelector("[aria-invalid='true'], [autofocus], input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea");
  if (matchMedia("(min-width: 768px)").matches) first?.focus();
});

// a form inside a panel answers into the panel; a redirect leads the whole page on (the server says so in a header)
document.addEventListener("submit", (event) => {
  const body = event.target.closest("#drawer-body, #modal-body");
  if (!body || event.defaultPrevented || event.target.method !== "post") return;
  event.preventDefault();
  const values = new FormData(event.target, event.submitter);
  const url = event.target.getAttribute("action") || body.closest("dialog").dataset.url;
  const parameters = {};
  for (const name of new Set(values.keys())) parameters[name] = values.getAll(name).length > 1 ? values.getAll(name) : values.get(name);
  const multipart = event.target.enctype === "multipart/form-data";
  if (multipart) event.target.setAttribute("hx-encoding", "multipart/form-data");
  htmx.ajax("POST", url, { source: event.target, target: body, swap: "innerHTML", values: multipart ? undefined : parameters }).catch(() => {});
});

on("click", "dialog [data-close], dialog a[data-cancel]", (event, element) => {
  event.preventDefault();
  element.closest("dialog").close();
});
document.addEventListener("mousedown", (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) event.target.close();
});

// «are you sure», perhaps with a reason; Enter sends it, unless it ends a word being composed
const dialog = document.getElementById("confirm");
dialog?.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  dialog.querySelector("[data-yes]").click();
});
export function ask(text, label) {
  const field = dialog.querySelector(".field");
  const input = field.querySelector("textarea");
  dialog.querySelector("#confirm-text").textContent = text || words.sure;
  field.hidden = !label;
  field.querySelector("label").textContent = label || "";
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const yes = dialog.querySelector("[data-yes]");
    const agree = () => {
      if (label && !input.value.trim()) {
        input.setAttribute("aria-invalid", "true");
        input.focus();
        return;
      }
      dialog.close("yes");
    };
    yes.addEventListener("click", agree);
    dialog.addEventListener(
      "close",
      () => {
        yes.removeEventListener("click", agree);
        input.removeAttribute("aria-invalid");
        resolve(dialog.returnValue === "yes" ? { text: input.value.trim() } : null);
      },
      { once: true },
    );
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const button = event.submitter;
    const text = button?.dataset.confirm ?? form.dataset.confirm;
    if (form.dataset.asked || (text === undefined && !form.dataset.ask)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(text, form.dataset.ask ? form.dataset.askLabel : "").then((answer) => {
      if (!answer) return;
      if (form.dataset.ask) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: form.dataset.ask, value: answer.text }));
      form.dataset.asked = "1";
      form.requestSubmit(button ?? undefined);
      delete form.dataset.asked;
    });
  },
  true,
);
