// Drop a file on its field: the field holds it as if it had been chosen; its name and size are shown.
import { eachNew } from "./page.js";

const megabytes = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

eachNew("[data-dropzone]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-drop-name]");
  const before = name.textContent;
  const show = () => {
    const file = input.files[0];
    zone.classList.toggle("filled", Boolean(file));
    name.textContent = file ? `${file.name} · ${megabytes(file.size)}` : before;
  };
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);
});
