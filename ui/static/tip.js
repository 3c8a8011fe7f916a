// What a mark stands on, shown beside it while a pointer rests on it or the keyboard stands on it: the quote, its guide,
// section, date and place, and the primary work. It can be pointed at itself, and Escape puts it away.
import { byline, element, fetchGuide, placeOf, quoteAt, sectionPath, worksBehind, worksList } from "./guide.js";

const LONGEST = 420; // code points of a quote; the panel shows it whole
const REST = 160; // ms that a pointer rests before the tip comes, and may be away before it goes
let tip = null;
let near = null;
let timer = 0;

function makeTip() {
  const made = element("div");
  made.id = "wm-tip";
  made.setAttribute("role", "tooltip");
  made.hidden = true;
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("pointerleave", () => later(hide));
  document.body.append(made);
  return made;
}

function later(act) {
  clearTimeout(timer);
  timer = setTimeout(act, REST);
}

function hide() {
  clearTimeout(timer);
  if (near) near.removeAttribute("aria-describedby");
  near = null;
  if (tip) tip.hidden = true;
}

function content(guide, place, old) {
  const quote = quoteAt(guide, place);
  const parts = [element("p", "wm-tip-title", guide.title)];
  if (quote === null) return [...parts, element("p", "wm-about", "This guide has changed since the answer.")];
  const points = Array.from(quote);
  const words = points.length > LONGEST ? `${points.slice(0, LONGEST).join("").trimEnd()} …` : quote;
  parts.unshift(element("blockquote", "", words));
  const section = sectionPath(guide, place.start);
  if (section) parts.push(element("p", "wm-section", section));
  const line = byline(guide);
  if (line) parts.push(line);
  if (old) parts.push(element("p", "wm-old", "An old figure: look for a newer one before you rely on it."));
  const works = worksBehind(guide, place);
  if (works.length) parts.push(worksList(works));
  return parts;
}

// Under the mark, or over it where there is more room; always inside the window.
function put(link) {
  const at = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.max(8, Math.min(at.left - 20, document.documentElement.clientWidth - width - 8));
  const under = at.bottom + height + 12 < window.innerHeight || at.top < height;
  tip.style.left = `${left}px`;
  tip.style.top = `${under ? at.bottom + 6 : at.top - height - 6}px`;
}

async function show(link) {
  const place = placeOf(link);
  if (!place) return;
  hide();
  near = link;
  const guide = await fetchGuide(place.id).catch(() => null);
  if (!guide || near !== link || !link.isConnected) return;
  tip = tip || makeTip();
  tip.replaceChildren(...content(guide, place, link.classList.contains("wm-old")));
  tip.hidden = false;
  link.setAttribute("aria-describedby", "wm-tip");
  put(link);
}

function markOf(event) {
  return event.target instanceof Element ? event.target.closest("a.wm-mark") : null;
}

document.addEventListener("pointerover", (event) => {
  const link = event.pointerType === "mouse" && markOf(event);
  if (link && link !== near) later(() => show(link));
});
document.addEventListener("pointerout", (event) => {
  if (markOf(event)) later(hide);
});
document.addEventListener("focusin", (event) => {
  const link = markOf(event);
  if (link && link.matches(":focus-visible")) show(link);
});
document.addEventListener("focusout", (event) => {
  if (markOf(event)) hide();
});
document.addEventListener("click", hide, true);
document.addEventListener("scroll", hide, { passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
