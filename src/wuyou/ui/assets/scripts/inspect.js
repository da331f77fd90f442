// Filling an inspection: what is asked follows from the answers, nothing typed is lost when the connection is.
import htmx from "htmx.org";

const RETRY = 8000;

function answerOf(form, code) {
  const question = form.querySelector(`[data-code="${CSS.escape(code)}"]`);
  if (!question || question.hidden) return "";
  const fields = [...form.elements].filter((field) => field.name === `answers.${code}`);
  const chosen = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
  return chosen.map((field) => field.value).join(",");
}

// in the order of the page: a question that is not asked answers nothing
function ask(form) {
  for (const question of form.querySelectorAll("[data-when]")) {
    const [code, value] = question.dataset.when.split("=");
    if (form.querySelector(`[data-code="${CSS.escape(code)}"]`)) question.hidden = answerOf(form, code) !== value;
  }
}

// "nothing" and "not applicable" stand alone among the reasons
function alone(box) {
  const others = box.closest("[role=group]").querySelectorAll("input[type=checkbox]");
  for (const other of others) if (other !== box && (box.hasAttribute("data-alone") || other.hasAttribute("data-alone"))) other.checked = false;
}

function begin(form) {
  let waiting;
  let unsaved = false;
  const state = () => document.getElementById("inspect-status");
  const lost = () => {
    unsaved = true;
    state().classList.add("wrong");
    state().textContent = form.dataset.unsaved;
    clearTimeout(waiting);
    waiting = setTimeout(() => htmx.trigger(form.querySelector(".answer"), "change"), RETRY);
  };
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && event.target.checked) alone(event.target);
    ask(form);
    const question = event.target.closest?.(".question");
    if (event.target.value === "fail" && question) question.querySelector("details").open = true;
  });
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("submit", () => (unsaved = false));
  document.addEventListener("htmx:sendError", (event) => event.target === form && lost());
  document.addEventListener("htmx:timeout", (event) => event.target === form && lost());
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  ask(form);
}

export function start(root) {
  const form = root.matches?.("[data-inspect]") ? root : root.querySelector("[data-inspect]");
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "1";
  begin(form);
}
