/* A field to find by, above a long list of boxes or a long select, which do without it where there are no scripts.
 *
 * <fieldset data-find="what the field is called" data-none="what it says where nothing is found"> around boxes, or <div …> around
 * a select. What is chosen stays in sight. Accents, signs and the shapes of letters make no difference (fold.js). */
import { nameKey } from "./fold.js";

/* Boxes or buttons, each in a row of its own. */
function amongBoxes(field) {
  const rows = [...field.querySelectorAll("label > input")].map((box) => (
    { box, row: box.closest("div"), name: nameKey(box.parentElement.textContent) }));
  return (sought) => {
    for (const { box, row, name } of rows) row.hidden = !box.checked && !name.includes(sought);
    return rows.some(({ name }) => name.includes(sought));
  };
}

/* Some browsers can hide no option, so those that are not called so are taken out. Where only one is left it is chosen; otherwise
 * what was chosen before stays. */
function amongOptions(select) {
  const parts = [...select.children];
  const rows = [...select.options].map((option) => {
    const group = option.closest("optgroup");
    return { option, part: group ?? option, name: nameKey(`${group?.label ?? ""} ${option.text}`) };
  });
  let chosen, given;
  select.addEventListener("change", () => { chosen = select.value; });
  return (sought) => {
    if (!sought || select.value !== given) chosen = select.value; // ui/js/keep.js brings back what was chosen before
    const found = rows.filter(({ option, name }) => option.value && name.includes(sought));
    const kept = rows.filter((row) => found.includes(row) || !row.option.value || row.option.value === chosen);
    for (const part of parts) {
      if (part.matches("optgroup")) part.replaceChildren(...kept.filter((row) => row.part === part).map((row) => row.option));
    }
    select.replaceChildren(...parts.filter((part) => kept.some((row) => row.part === part)));
    given = select.value = sought && found.length === 1 ? found[0].option.value : chosen;
    return found.length > 0;
  };
}

for (const field of document.querySelectorAll("[data-find]")) {
  const select = field.querySelector("select");
  const find = select ? amongOptions(select) : amongBoxes(field);
  const input = document.createElement("input");
  Object.assign(input, { type: "search", placeholder: field.dataset.find, ariaLabel: field.dataset.find, autocomplete: "off" });
  const said = Object.assign(document.createElement("p"), { className: "hint", role: "status" });
  input.addEventListener("input", () => { said.textContent = find(nameKey(input.value)) ? "" : field.dataset.none; });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  (select ?? field.querySelector(":scope > div")).before(input, said);
}
