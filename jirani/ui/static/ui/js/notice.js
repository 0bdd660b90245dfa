/* What a fresh page has to say is announced when it is put in, not when it is there already: so it is put, for a moment, into a
 * region that nobody sees, and what is seen stays as it is. It stays in view (components/action.css) until one goes on. */
for (const notices of document.querySelectorAll("[data-notices]")) {
  for (const notice of notices.children) {
    const region = document.createElement("div");
    region.className = "sr-only";
    region.setAttribute("role", notice.getAttribute("role"));
    notices.after(region);
    setTimeout(() => { region.textContent = notice.textContent; }, 150);
    setTimeout(() => region.remove(), 5000);
  }
  for (const going of ["keydown", "pointerdown"]) addEventListener(going, () => delete notices.dataset.notices, { once: true });
}
