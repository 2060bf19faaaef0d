// A box at the head of a list that ticks every box of one name; without JavaScript it stays hidden.
"use strict";

for (const head of document.querySelectorAll("[data-select-all]")) {
  const boxes = () => head.closest("form").querySelectorAll(`input[type=checkbox][name="${head.dataset.selectAll}"]`);
  head.hidden = false;
  head.addEventListener("change", () => {
    for (const box of boxes()) box.checked = head.checked;
  });
}
