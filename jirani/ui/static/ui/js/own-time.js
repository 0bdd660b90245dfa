/* Under the hours of an event, the same hours where the reader is: <p data-own-time="zone of the event" hidden>Your time:
 * <time datetime="…">. The day is said if it is not that of the event, which stands above, or if it changes meanwhile. */
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const lang = document.documentElement.lang.replace(/^en$/, "en-GB");
const whole = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short", timeZone: here });
const hours = new Intl.DateTimeFormat(lang, { timeStyle: "short", timeZone: here });
const day = (moment, timeZone) => new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(moment);

for (const line of document.querySelectorAll("[data-own-time]")) {
  const [start, end] = [...line.querySelectorAll("time")].map((time) => new Date(time.dateTime));
  if (Number.isNaN(start?.getTime()) || line.dataset.ownTime === here) continue;
  const first = line.querySelector("time");
  const days = [start, end ?? start].flatMap((moment) => [day(moment, here), day(moment, line.dataset.ownTime)]);
  const form = new Set(days).size === 1 ? hours : whole;
  first.textContent = end ? form.formatRange(start, end) : form.format(start);
  line.querySelector("time:nth-of-type(2)")?.remove();
  line.hidden = false;
}
