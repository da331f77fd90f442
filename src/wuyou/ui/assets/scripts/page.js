// Words in the page's language, and work to be done on parts of the page now and whenever htmx brings new ones.
const source = document.getElementById("words");
export const words = source ? JSON.parse(source.textContent) : {};

export function eachNew(selector, work) {
  const run = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      const mark = `seen${selector.replace(/\W/g, "")}`;
      if (element.dataset[mark]) continue;
      element.dataset[mark] = "1";
      work(element);
    }
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

export function whenPresent(selector, load) {
  let loading;
  const look = (root) => {
    if (!root.matches?.(selector) && !root.querySelector(selector)) return;
    loading ??= load();
    loading.then((module) => module.start(root));
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
}

export const on = (name, selector, work) =>
  document.addEventListener(name, (event) => {
    const element = event.target.closest?.(selector);
    if (element) work(event, element);
  });
