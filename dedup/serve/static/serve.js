"use strict";
// Forms that are sent to the server are sent; the report's own script stops all others.
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("action")) return;
  event.stopImmediatePropagation();
  for (const button of event.target.querySelectorAll("[data-busy]")) {
    button.textContent = button.dataset.busy;
  }
}, true);

// A file that is dropped on the text is chosen, and the draft is sent by Ctrl+Enter.
for (const area of document.querySelectorAll("textarea[data-file]")) {
  const chosen = document.getElementById(area.dataset.file);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    area.addEventListener(kind, (event) => {
      area.classList.toggle("dropping", kind === "dragover");
      if (!event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      if (kind === "drop") {
        chosen.files = event.dataTransfer.files;
        area.form.requestSubmit();
      }
    });
  }
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
}
