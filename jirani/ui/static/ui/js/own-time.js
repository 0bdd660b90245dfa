/* Under the hours of an event, the same hours where the reader is: <p data-own-time hidden>Your time: <time datetime="…">. */
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const lang = document.documentElement.lang.replace(/^en$/, "en-GB");
const form = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short", timeZone: here });

for (const line of document.querySelectorAll("[data-own-time]")) {
  const [start, end] = [...line.querySelectorAll("time")].map((time) => new Date(time.dateTime));
  if (Number.isNaN(start?.getTime()) || line.dataset.ownTime === here) continue;
  const first = line.querySelector("time");
  first.textContent = end ? form.formatRange(start, end) : form.format(start);
  line.querySelector("time:nth-of-type(2)")?.remove();
  line.hidden = false;
}
