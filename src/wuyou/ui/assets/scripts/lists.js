// Ticking rows, the bulk bar, and rows that open on a click.
import { on } from "./page.js";

const ticks = (form) => [...form.querySelectorAll("input[name='id']")];

function count(form) {
  const boxes = ticks(form);
  const number = boxes.filter((box) => box.checked).length;
  const say = form.querySelector("[data-ticked]");
  if (say) say.textContent = say.dataset.ticked.replace("{n}", number);
  const all = form.querySelector("[data-tick-all]");
  if (all) {
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  }
}

let last;
on("click", "form[data-bulk] input[name='id']", (event, box) => {
  const form = box.form;
  if (event.shiftKey && last?.form === form) {
    const boxes = ticks(form);
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
  }
  last = box;
  count(form);
});
on("change", "[data-tick-all]", (event, box) => {
  for (const other of ticks(box.form)) other.checked = box.checked;
  count(box.form);
});
on("click", "[data-untick]", (event, button) => {
  for (const box of ticks(button.form)) box.checked = false;
  const all = button.form.querySelector("[name='all']");
  if (all) all.checked = false;
  count(button.form);
});
on("click", "tr[data-href]", (event, row) => {
  if (event.target.closest("a, button, input, label, summary, select") || getSelection().toString()) return;
  const link = row.querySelector(".lead a") ?? row.querySelector("a");
  if (event.metaKey || event.ctrlKey) open(row.dataset.href);
  else if (link) link.click();
  else location.assign(row.dataset.href);
});
