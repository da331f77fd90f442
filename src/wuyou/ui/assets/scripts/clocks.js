// Running clocks: the server writes them, this keeps them true while the page stays open.
import { words } from "./page.js";

const MINUTE = 60_000;

function duration(span) {
  const all = Math.max(Math.floor(Math.abs(span) / MINUTE), 1);
  const [days, hours, minutes] = [Math.floor(all / 1440), Math.floor((all % 1440) / 60), all % 60];
  const say = (pattern, count) => (count ? pattern.replace("0", count) : "");
  const parts = days
    ? [say(words.day, days), days < 10 ? say(words.hour, hours) : ""]
    : hours
      ? [say(words.hour, hours), say(words.minute, minutes)]
      : [say(words.minute, minutes)];
  return parts.filter(Boolean).join(" ");
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const left = Date.parse(clock.dateTime) - now;
    const tone = left < 0 ? "bad" : now >= Date.parse(clock.dataset.warn) ? "warn" : "muted";
    clock.className = clock.className.replace(/tone-\w+/, `tone-${tone}`);
    clock.querySelector("span").textContent = (left < 0 ? words.late : words.left).replace("{d}", duration(left));
  }
}

if (words.left) setInterval(tick, 15_000);
