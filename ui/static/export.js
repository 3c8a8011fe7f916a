// Taking an answer, or the whole conversation, along: copied or saved as Markdown, or saved as a page to print. All of
// it is made here from what the page shows, with the quoted words from the guides; nothing is sent anywhere.
import { element, fetchGuide, placeOf, quoteAt, sectionPath, webLink, worksBehind } from "./guide.js";

const STYLE = `body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.55 Georgia,"DejaVu Serif",serif;color:#222}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .6rem;padding:.5rem .8rem;border-radius:8px;background:#e3f2ef}
h3,h4{font-size:1rem}blockquote{margin:.2rem 0;padding-left:.7rem;border-left:3px solid #0f6b63}
.sources{font-size:.86rem;border-top:1px solid #ccc;margin-top:1rem;padding-left:1.4rem}.sources li{margin:.6rem 0}
.wm-mark{font-size:.8em;text-decoration:none;color:#0f6b63}.wm-mark::before{content:"["}.wm-mark::after{content:"]"}
.wm-aside,.about{color:#666;font-size:.86em}p{margin:.5rem 0}
@media print{body{margin:0;max-width:none}h2,li{break-inside:avoid}}`;

// The conversation as it is shown: [question element, answer element], finished answers only.
function exchanges() {
  const found = [];
  let question = null;
  for (const part of document.querySelectorAll("#wm-chat .wm-question, #wm-chat .wm-answer")) {
    if (part.classList.contains("wm-question")) question = part;
    else if (question && !part.classList.contains("wm-coming")) found.push({ question, answer: part });
  }
  return found;
}

// The sources of an answer in the order of their numbers, with the words as the guide says them now.
async function sources(answer) {
  const marks = new Map();
  for (const mark of answer.querySelectorAll(".wm-text a.wm-mark")) {
    const place = placeOf(mark);
    if (place) marks.set(Number(place.number), place);
  }
  const ordered = [...marks.values()].sort((a, b) => a.number - b.number);
  return Promise.all(
    ordered.map(async (place) => {
      const guide = await fetchGuide(place.id);
      const writers = guide.publisher === guide.author ? [guide.author] : [guide.author, guide.publisher];
      return {
        number: place.number,
        title: guide.title,
        section: sectionPath(guide, place.start),
        about: [...writers, guide.region, guide.published].filter(Boolean).join(", "),
        quote: quoteAt(guide, place) || "(the guide has changed since)",
        url: guide.url,
        works: worksBehind(guide, place),
      };
    }),
  );
}

function work(of) {
  return [of.title, of.publisher, of.date].filter(Boolean).join(", ");
}

function plain(text) {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|~]/g, "\\$&");
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return plain(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches("ul, ol")) return "";
  if (node.matches("a.wm-mark")) return `[${node.textContent}]`;
  const inner = [...node.childNodes].map(inline).join("");
  if (node.matches(".wm-aside")) return `(${inner})`;
  if (node.matches("strong")) return `**${inner}**`;
  return node.matches("em") ? `*${inner}*` : inner;
}

function block(node, indent = "") {
  if (node.matches("ul, ol")) {
    const items = [...node.children].map((item) => {
      const nested = [...item.children].filter((child) => child.matches("ul, ol"));
      return [`${indent}- ${inline(item).trim()}`, ...nested.map((list) => block(list, `${indent}  `))].join("\n");
    });
    return items.join("\n");
  }
  const level = /^H([1-6])$/.exec(node.tagName);
  return `${level ? `${"#".repeat(Number(level[1]))} ` : ""}${inline(node).trim()}`;
}

// What stands around the answer's own text, in words.
function besides(answer) {
  const said = [];
  for (const part of answer.querySelectorAll(":scope > .wm-missing, :scope > .wm-handon, :scope > .wm-notice")) {
    const title = part.querySelector("strong");
    const texts = [...part.querySelectorAll("li, p")].map((line) => line.textContent.trim());
    said.push({ title: title ? title.textContent : "Note", text: texts.length ? texts.join("; ") : part.textContent });
  }
  return said;
}

async function markdownOf({ question, answer }) {
  const parts = [`## ${plain(question.innerText).trim()}`];
  const asked = answer.querySelector(":scope > .wm-asked");
  if (asked) parts.push(`*${inline(asked).trim()}*`);
  parts.push(...[...answer.querySelector(".wm-text").children].map((child) => block(child)));
  parts.push(...besides(answer).map(({ title, text }) => `**${title}:** ${plain(text)}`));
  const listed = (await sources(answer)).map((source) => {
    const where = [source.title, source.section, source.about].filter(Boolean).map(plain).join(" · ");
    const lines = [`- [${source.number}] ${where}`, `  > ${source.quote.split("\n").map(plain).join("\n  > ")}`];
    if (source.url) lines.push(`  ${source.url}`);
    lines.push(...source.works.map((of) => `  - rests on: ${plain(work(of))}${of.url ? ` ${of.url}` : ""}`));
    return lines.join("\n");
  });
  if (listed.length) parts.push("Sources", listed.join("\n"));
  return parts.join("\n\n");
}

async function markdown(all) {
  const parts = await Promise.all(all.map(markdownOf));
  return `# Waymark conversation\n\n${parts.join("\n\n")}\n`;
}

function sourceRow(source, anchor) {
  const row = element("li");
  row.id = anchor;
  row.value = Number(source.number);
  row.append(element("strong", "", source.title));
  const where = [source.section, source.about].filter(Boolean).join(" · ");
  row.append(element("span", "about", ` ${where}`), element("blockquote", "", source.quote));
  if (source.url) row.append(webLink(source.url, source.url));
  for (const of of source.works) {
    const line = element("p", "about", "Rests on: ");
    line.append(webLink(of.url, work(of)));
    row.append(line);
  }
  return row;
}

async function pageOf({ question, answer }, place) {
  const section = element("section");
  section.append(element("h2", "", question.innerText.trim()));
  const asked = answer.querySelector(":scope > .wm-asked");
  if (asked) section.append(element("p", "about", asked.textContent));
  const text = answer.querySelector(".wm-text").cloneNode(true);
  for (const mark of text.querySelectorAll("a.wm-mark")) {
    const link = element("a", "wm-mark", mark.textContent);
    link.href = `#s${place}-${mark.textContent}`;
    mark.replaceWith(link);
  }
  section.append(text);
  for (const { title, text: said } of besides(answer)) {
    const line = element("p");
    line.append(element("strong", "", `${title}: `), said);
    section.append(line);
  }
  const rows = (await sources(answer)).map((source) => sourceRow(source, `s${place}-${source.number}`));
  if (rows.length) {
    const list = element("ol", "sources");
    list.append(...rows);
    section.append(list);
  }
  return section;
}

// A page that stands alone: no script, nothing fetched.
async function page(all) {
  const made = document.implementation.createHTMLDocument("Waymark conversation");
  const policy = element("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "default-src 'none'; style-src 'unsafe-inline'";
  const charset = element("meta");
  charset.setAttribute("charset", "utf-8");
  made.documentElement.lang = "en";
  made.head.prepend(charset, policy);
  made.head.append(element("style", "", STYLE));
  made.body.append(element("h1", "", "Waymark conversation"), ...(await Promise.all(all.map(pageOf))));
  return `<!doctype html>\n${made.documentElement.outerHTML}\n`;
}

function save(text, type, name) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The clipboard is closed to pages that came without encryption, except from this machine; the old way still works there.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = element("textarea", "", text);
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("The browser does not let this page copy. Save the conversation instead.");
}

const ACTS = {
  "wm-copy": async (all) => {
    await copy(`${await markdownOf(all[all.length - 1])}\n`);
    return "Copied, with its sources.";
  },
  "wm-save-text": async (all) => {
    save(await markdown(all), "text/markdown", "waymark.md");
    return "Saved as waymark.md.";
  },
  "wm-save-page": async (all) => {
    save(await page(all), "text/html", "waymark.html");
    return "Saved as waymark.html. Open it to print, or to make a PDF.";
  },
};

let quiet = 0;

async function act(button) {
  const all = exchanges();
  const told = document.getElementById("wm-told");
  let text = "There is no finished answer yet.";
  try {
    if (all.length) text = await ACTS[button.id](all);
  } catch (error) {
    text = error.message;
  }
  told.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => told.replaceChildren(), 4_000);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button");
  if (button && Object.hasOwn(ACTS, button.id)) act(button);
  else if (button && button.id === "wm-edit") document.querySelector("#wm-box textarea").focus();
});
