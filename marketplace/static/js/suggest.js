// Suggestions below a search box: a combobox with arrows, Enter and Escape. Without this script the box just searches.
"use strict";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("div");
  list.id = `${input.id}-suggestions`;
  list.className = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.placeholder);
  input.parentElement.append(list);
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(states)) input.setAttribute(name, value);
  let active = -1;
  let timer = 0;
  let request = null;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const all = options();
    active = place < all.length ? place : -1; // beyond either end: back in the box
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
  };
  const load = async () => {
    request?.abort();
    request = new AbortController();
    try {
      const address = `${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address, { signal: request.signal });
      if (!answer.ok || document.activeElement !== input) return;
      list.innerHTML = await answer.text();
    } catch {
      return; // a newer request, or no connection: the box works as it is
    }
    active = -1;
    input.removeAttribute("aria-activedescendant");
    options().forEach((option, number) => { option.id = `${list.id}-${number}`; });
    list.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(load, 120);
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(load, 120); });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) load();
      else choose(event.key === "ArrowDown" ? active + 1 : active < 0 ? options().length - 1 : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options()[active].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") close();
  });
}
