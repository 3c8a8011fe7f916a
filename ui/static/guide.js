// What the page knows of guides: fetched once each from GET /documents/{id}, and the facts around a quoted place.
//
// A mark is a link "#cite-NUMBER-START-END-CHECK-DOCUMENT"; everything else is read from the guide itself, so that the
// page works for every answer on it and the server keeps nothing. Nothing here is ever read as markup: text goes in by
// textContent alone.

const MARK = /^#cite-(\d+)-(\d+)-(\d+)-([0-9a-f]{8})-([A-Za-z0-9_-]+)$/;
const WEB = /^https?:\/\/[^\s"'<>]+$/;
const guides = new Map();

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function webLink(url, text) {
  if (!WEB.test(url || "")) return element("span", "", text);
  const link = element("a", "", text);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

// The place that a mark points at; null for any other link.
export function placeOf(link) {
  const parts = MARK.exec(link.getAttribute("href"));
  if (!parts) return null;
  const [, number, start, end, check, id] = parts;
  return { number, start: Number(start), end: Number(end), check, id };
}

// The guide, fetched once for the life of the page; a failure is not kept. Throws with a sentence for a person.
export function fetchGuide(id) {
  if (!guides.has(id)) {
    const coming = load(id);
    guides.set(id, coming);
    coming.catch(() => guides.delete(id));
  }
  return guides.get(id);
}

async function load(id) {
  const response = await fetch(`/documents/${id}`).catch(() => null);
  const guide = response && (await response.json().catch(() => null));
  if (!guide || !response.ok) throw new Error((guide && guide.detail) || "The guide could not be opened. Try again.");
  // Offsets count Unicode code points; JavaScript strings count UTF-16 units, so the text is cut into code points.
  return { ...guide, points: Array.from(guide.text) };
}

// 32-bit FNV-1a over UTF-8, as ui/render.py counts it.
function fnv1a(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value.toString(16).padStart(8, "0");
}

// The quoted words; null where the guide no longer says them there.
export function quoteAt(guide, place) {
  const quote = guide.points.slice(place.start, place.end).join("");
  return fnv1a(quote) === place.check ? quote : null;
}

export function sectionPath(guide, start) {
  const around = guide.sections.filter((section) => section.start <= start && start < section.end);
  return around.map((section) => section.heading).join(" › ");
}

// Author, publisher, place and date of a guide in one line; null where nothing is known.
export function byline(guide) {
  const writers = guide.publisher === guide.author ? [guide.author] : [guide.author, guide.publisher];
  const line = element("p", "wm-about", [...writers, guide.region].filter(Boolean).join(" · "));
  if (guide.published) line.append(line.textContent ? " · " : "", element("span", "wm-date", guide.published));
  return line.textContent ? line : null;
}

// The primary works behind a place: footnotes that stood in the quote or right behind it, each once.
export function worksBehind(guide, place) {
  const seen = new Set();
  return guide.footnotes.filter((note) => {
    const key = [note.title, note.publisher, note.url, note.date].join("\n");
    return place.start < note.at && note.at <= place.end + 1 && !seen.has(key) && seen.add(key);
  });
}

export function worksList(works) {
  const box = element("div", "wm-references");
  box.append(element("h3", "", works.length === 1 ? "Rests on" : "Rests on these works"));
  const list = element("ul");
  for (const work of works) {
    const row = element("li");
    row.append(webLink(work.url, work.title));
    const about = [work.publisher, work.date].filter(Boolean).join(", ");
    if (about) row.append(element("span", "wm-about", ` ${about}`));
    list.append(row);
  }
  box.append(list);
  return box;
}

// The guide's own page, opened at the quoted words where they stand there as they stand here (a row that was made of a
// table does not): https://wicg.github.io/scroll-to-text-fragment/
export function pageAddress(guide, place) {
  const blocks = guide.blocks.filter((block) => block.start < place.end && place.start < block.end);
  if (!blocks.length || blocks.some((block) => block.kind === "row" || block.kind === "fact")) return guide.url;
  const said = (block) => {
    const text = guide.points.slice(Math.max(block.start, place.start), Math.min(block.end, place.end)).join("");
    return text.replace(/^\s*(?:- |\d+\. )/, "").trim().split(/\s+/);
  };
  const first = said(blocks[0]);
  const last = said(blocks[blocks.length - 1]);
  const whole = blocks.length === 1 && first.length <= 12;
  const terms = whole ? [first] : [first.slice(0, 6), last.slice(-6)];
  const encoded = terms.map((words) => encodeURIComponent(words.join(" ")).replaceAll("-", "%2D"));
  return `${guide.url}${guide.url.includes("#") ? "" : "#"}:~:text=${encoded.join(",")}`;
}
