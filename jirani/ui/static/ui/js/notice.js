/* What a fresh page has to say is announced when it is put in, not when it is there already: put it in again. It stays in view
 * (components/action.css) until one goes on. */
for (const notices of document.querySelectorAll("[data-notices]")) {
  for (const notice of notices.children) {
    const words = [...notice.childNodes];
    notice.replaceChildren();
    setTimeout(() => notice.replaceChildren(...words), 150);
  }
  for (const going of ["keydown", "pointerdown"]) addEventListener(going, () => delete notices.dataset.notices, { once: true });
}
