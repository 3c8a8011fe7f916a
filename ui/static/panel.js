// The source panel: a click (or Enter) on a mark opens the guide's reading text at the cited words.
//
// One listener on the document hears all marks, whenever the chat draws them anew.
import { byline, element, fetchGuide, pageAddress, placeOf, quoteAt, sectionPath, webLink, worksBehind, worksList } from "./guide.js";

const CHANGED = "This guide has changed since the answer. Ask again to see its words as they are now.";
let panel = null;
let opener = null;

function makePanel() {
  const made = element("div", "wm-panel");
  made.id = "wm-panel";
  made.tabIndex = -1;
  made.setAttribute("role", "dialog");
  made.setAttribute("aria-label", "Source");
  document.body.append(made);
  return made;
}

function close() {
  if (!panel || !document.body.classList.contains("wm-open")) return;
  document.body.classList.remove("wm-open");
  document.querySelectorAll(".wm-mark.wm-current").forEach((mark) => mark.classList.remove("wm-current"));
  if (opener && opener.isConnected) opener.focus();
  opener = null;
}

function header(number) {
  const bar = element("div", "wm-bar");
  bar.append(element("span", "wm-number", number), element("span", "wm-kind", "Source"));
  const button = element("button", "wm-close", "×");
  button.type = "button";
  button.setAttribute("aria-label", "Close the source");
  button.addEventListener("click", close);
  bar.append(button);
  return bar;
}

function show(...parts) {
  panel.replaceChildren(...parts);
  document.body.classList.add("wm-open");
  panel.focus({ preventScroll: true });
}

function facts(guide, place, certain) {
  const head = element("div", "wm-facts");
  head.append(element("h2", "", guide.title));
  const section = certain && sectionPath(guide, place.start);
  if (section) head.append(element("p", "wm-section", section));
  const line = byline(guide);
  if (line) head.append(line);
  if (guide.url) {
    const address = element("p", "wm-link");
    const at = certain ? pageAddress(guide, place) : guide.url;
    address.append(webLink(at, at === guide.url ? "Open the page itself" : "Open the page at these words"));
    head.append(address);
  }
  const works = certain ? worksBehind(guide, place) : [];
  if (works.length) head.append(worksList(works));
  if (!certain) head.append(element("p", "wm-changed", CHANGED));
  return head;
}

// The reading text, block by block, with the quoted words marked.
function reading(guide, { start, end }, certain) {
  const body = element("div", "wm-reading");
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "The guide's text");
  const slice = (from, to) => guide.points.slice(from, to).join("");
  let first = null;
  for (const block of guide.blocks) {
    const line = element("p", `wm-${block.kind}`);
    if (block.level) line.dataset.level = block.level;
    const from = Math.max(block.start, start);
    const to = Math.min(block.end, end);
    if (certain && from < to) {
      const mark = element("mark", "", slice(from, to));
      first = first || mark;
      line.append(slice(block.start, from), mark, slice(to, block.end));
    } else {
      line.append(slice(block.start, block.end));
    }
    body.append(line);
  }
  return { body, first };
}

async function open(link, place) {
  panel = panel || makePanel();
  opener = link;
  document.querySelectorAll(".wm-mark.wm-current").forEach((mark) => mark.classList.remove("wm-current"));
  link.classList.add("wm-current");
  show(header(place.number), element("p", "wm-wait", "Opening the guide …"));
  let guide;
  try {
    guide = await fetchGuide(place.id);
  } catch (error) {
    if (opener === link) show(header(place.number), element("p", "wm-wait", error.message));
    return;
  }
  if (opener !== link) return;
  const certain = quoteAt(guide, place) !== null;
  const { body, first } = reading(guide, place, certain);
  show(header(place.number), facts(guide, place, certain), body);
  if (first) body.scrollTop += first.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="#cite-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const place = placeOf(link);
    if (place) open(link, place);
  },
  true,
);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
