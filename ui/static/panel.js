// The source panel: a click (or Enter) on a mark opens the guide at the cited words.
//
// A mark is a link "#cite-NUMBER-START-END-CHECK-DOCUMENT". Everything else comes from GET /documents/{id}, so that the
// panel works for every answer on the page and the server keeps nothing. One listener on the document hears all marks,
// whenever the chat draws them anew. Nothing here is ever read as markup: text goes in by textContent alone.
(() => {
  "use strict";

  const MARK = /^#cite-(\d+)-(\d+)-(\d+)-([0-9a-f]{8})-([A-Za-z0-9_-]+)$/;
  const CHANGED = "This guide has changed since the answer. Ask again to see its words as they are now.";
  let panel = null;
  let opener = null;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // 32-bit FNV-1a over UTF-8, as ui/render.py counts it.
  function fnv1a(text) {
    let value = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
    return value.toString(16).padStart(8, "0");
  }

  function webLink(url, text) {
    if (!/^https?:\/\/[^\s"'<>]+$/.test(url || "")) return element("span", "", text);
    const link = element("a", "", text);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  function makePanel() {
    const made = element("aside", "wm-panel");
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

  function sectionPath(guide, start) {
    const around = guide.sections.filter((section) => section.start <= start && start < section.end);
    return around.map((section) => section.heading).join(" › ");
  }

  function facts(guide, section) {
    const head = element("div", "wm-facts");
    head.append(element("h2", "", guide.title));
    if (section) head.append(element("p", "wm-section", section));
    const writers = guide.publisher === guide.author ? [guide.author] : [guide.author, guide.publisher];
    const line = element("p", "wm-about", [...writers, guide.region].filter(Boolean).join(" · "));
    if (guide.published) line.append(line.textContent ? " · " : "", element("span", "wm-date", guide.published));
    if (line.textContent) head.append(line);
    if (guide.url) {
      const address = element("p", "wm-link");
      address.append(webLink(guide.url, "Open the page itself"));
      head.append(address);
    }
    return head;
  }

  function references(guide, start, end) {
    const seen = new Set();
    const found = guide.footnotes.filter((note) => {
      const key = [note.title, note.publisher, note.url, note.date].join("\n");
      return start < note.at && note.at <= end + 1 && !seen.has(key) && seen.add(key);
    });
    if (!found.length) return null;
    const box = element("div", "wm-references");
    box.append(element("h3", "", found.length === 1 ? "Rests on" : "Rests on these works"));
    const list = element("ul");
    for (const note of found) {
      const row = element("li");
      row.append(webLink(note.url, note.title));
      const about = [note.publisher, note.date].filter(Boolean).join(", ");
      if (about) row.append(element("span", "wm-about", ` ${about}`));
      list.append(row);
    }
    box.append(list);
    return box;
  }

  // The reading text, block by block. Offsets count Unicode code points; JavaScript strings count UTF-16 units, so the
  // text is cut into code points first.
  function reading(guide, start, end, certain) {
    const points = Array.from(guide.text);
    const body = element("div", "wm-reading");
    const slice = (from, to) => points.slice(from, to).join("");
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

  async function open(link, [, number, from, to, check, id]) {
    panel = panel || makePanel();
    opener = link;
    document.querySelectorAll(".wm-mark.wm-current").forEach((mark) => mark.classList.remove("wm-current"));
    link.classList.add("wm-current");
    show(header(number), element("p", "wm-wait", "Opening the guide …"));
    let guide;
    try {
      const response = await fetch(`/documents/${id}`);
      guide = await response.json();
      if (!response.ok) throw new Error(guide.detail);
    } catch (error) {
      show(header(number), element("p", "wm-wait", error.message || "The guide could not be opened."));
      return;
    }
    if (opener !== link) return;
    const start = Number(from);
    const end = Number(to);
    const certain = fnv1a(Array.from(guide.text).slice(start, end).join("")) === check;
    const { body, first } = reading(guide, start, end, certain);
    const head = facts(guide, certain ? sectionPath(guide, start) : "");
    const behind = certain ? references(guide, start, end) : element("p", "wm-changed", CHANGED);
    if (behind) head.append(behind);
    show(header(number), head, body);
    if (first) body.scrollTop += first.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element && event.target.closest('a[href^="#cite-"]');
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      const parts = MARK.exec(link.getAttribute("href"));
      if (parts) open(link, parts);
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
