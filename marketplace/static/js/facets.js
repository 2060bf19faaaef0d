// Long filters: a box that looks up choices by name. Without it the choices stand in a fold.
"use strict";

const showFacetSearch = () => {
  for (const box of document.querySelectorAll("[data-facet-search]")) box.hidden = false;
};
showFacetSearch();
document.addEventListener("htmx:load", showFacetSearch);

document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches("[data-facet-search]")) return;
  const group = box.parentElement;
  const wanted = box.value.trim().toLowerCase();
  const more = group.querySelector(".more-choices");
  if (more) more.open = wanted !== "";
  let found = 0;
  for (const item of group.querySelectorAll("li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
    if (!item.hidden) found += 1;
  }
  const empty = group.querySelector("[data-facet-empty]");
  if (empty) empty.hidden = found > 0;
});

// Looking up a choice is not choosing one: the list must not be asked anew for it.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-facet-search]")) event.stopPropagation();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-facet-search]")) event.preventDefault();
}, true);
