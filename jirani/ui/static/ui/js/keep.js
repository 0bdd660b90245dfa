/* Keeps what is half typed on this device, so that a closed tab or a lost connection costs nothing.
 *
 * A form with data-keep="<name>" is stored under that name while one types and filled in again when the page comes back. The
 * form carries a key of its own (once, or version); when the server has saved it, its answer sets the cookie "saved" to that key,
 * and what was stored is cleared. Files and hidden tokens are not kept. */
const PREFIX = "kept:";
const DAYS = 14;

function store(action) {
  try {
    return action(localStorage);
  } catch {
    return null; // no storage here: typing goes on without it
  }
}

const keyOf = (form) => form.elements.once?.value || form.elements.version?.value || "";

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["csrfmiddlewaretoken"].includes(field.name) &&
    !["file", "submit", "button", "password"].includes(field.type) && field.tagName !== "FIELDSET");
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.multiple) return [...field.options].filter((option) => option.selected).map((option) => option.value);
  return field.value;
}

const isUntouched = (field) => field.type === "checkbox" || field.type === "radio"
  ? field.checked === field.defaultChecked
  : field.multiple || field.tagName === "SELECT" || field.value === field.defaultValue;

const idOf = (field) => ["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name;

function put(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}

function save(form, typed) {
  if (!typed.value) return;
  const values = {};
  for (const field of fieldsOf(form)) values[idOf(field)] = valueOf(field);
  store((s) => s.setItem(PREFIX + form.dataset.keep, JSON.stringify({ key: keyOf(form), at: Date.now(), values })));
}

function restore(form, typed) {
  const kept = store((s) => JSON.parse(s.getItem(PREFIX + form.dataset.keep)));
  if (!kept?.values || form.querySelector(".wrong, .fault, [data-given]") || document.querySelector(".summary")) return;
  const fields = fieldsOf(form);
  const changed = fields.some((field) => field.type !== "hidden" && idOf(field) in kept.values &&
    JSON.stringify(valueOf(field)) !== JSON.stringify(kept.values[idOf(field)]));
  if (!changed || !fields.every(isUntouched)) return;
  for (const field of fields) if (idOf(field) in kept.values) put(field, kept.values[idOf(field)]);
  typed.value = true;
  const notice = form.querySelector("[data-kept]");
  if (notice) notice.hidden = false;
}

/* What the server has saved, and what nobody came back for in two weeks, goes. */
function clear() {
  const saved = decodeURIComponent(document.cookie.match(/(?:^|; )saved="?([^";]*)/)?.[1] ?? "");
  store((s) => {
    for (const name of Object.keys(s)) {
      if (!name.startsWith(PREFIX)) continue;
      const kept = JSON.parse(s.getItem(name));
      if ((kept.key && kept.key === saved) || Date.now() - kept.at > DAYS * 864e5) s.removeItem(name);
    }
  });
}

clear();
for (const form of document.querySelectorAll("form[data-keep]")) {
  const typed = { value: false };
  restore(form, typed);
  let timer;
  form.addEventListener("input", () => {
    typed.value = true;
    clearTimeout(timer);
    timer = setTimeout(save, 250, form, typed);
  });
  form.addEventListener("submit", () => save(form, typed));
  addEventListener("pagehide", () => save(form, typed));
}
