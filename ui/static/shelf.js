// The page "My guides": what the library holds, adding to it, taking out of it, and how far a change is.
import { element } from "./guide.js";

const STAGES = { reading: "Reading", embedding: "Embedding", indexing: "Indexing", calibrating: "Calibrating", probing: "Checking" };
const at = (id) => document.getElementById(id);
let timer = 0;

function say(text) {
  if (at("work").textContent !== text) at("work").textContent = text;
}

function told(work) {
  if (work.state === "idle") return "";
  if (work.state !== "working") return `${work.what}: ${work.text}`;
  return `${work.what}: ${STAGES[work.stage] || "Beginning"} …`;
}

async function send(path, body) {
  say("Sending …");
  const response = await fetch(path, { method: "POST", headers: { "x-waymark-page": "1" }, body }).catch(() => null);
  if (response && response.ok) return show();
  const problem = response && (await response.json().catch(() => null));
  return say((problem && problem.detail) || "The server could not be reached. Try again.");
}

function documentRow(one) {
  const row = element("li");
  row.append(element("strong", "", one.title), ` ${one.source} `);
  if (one.published) row.append("· ", element("span", "date", one.published), " ");
  const button = element("button", "", "Remove");
  button.setAttribute("aria-label", `Remove ${one.title}`);
  button.addEventListener("click", () => {
    if (window.confirm(`Take "${one.title}" out of the library?`)) send(`/guides/remove/${one.id}`);
  });
  row.append(button);
  return row;
}

async function show() {
  clearTimeout(timer);
  const response = await fetch("/guides/list").catch(() => null);
  if (!response || !response.ok) {
    timer = setTimeout(show, 2_000);
    return say("The library cannot be shown just now.");
  }
  const { documents, quarantined, work } = await response.json();
  const working = work.state === "working";
  say(told(work));
  at("progress").hidden = !working;
  if (working && work.total) Object.assign(at("progress"), { max: work.total, value: work.done });
  else at("progress").removeAttribute("value");
  for (const button of document.querySelectorAll("form button")) button.disabled = working;
  at("documents").replaceChildren(...documents.map(documentRow));
  at("refused").hidden = quarantined.length === 0;
  at("refused").querySelector("ul").replaceChildren(...quarantined.map((one) => element("li", "", `${one.source}: ${one.reason}`)));
  if (working) timer = setTimeout(show, 400);
}

at("file-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = at("file").files;
  if (file) send(`/guides/file?name=${encodeURIComponent(file.name)}`, file);
});
at("address-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send("/guides/address", at("address").value);
});
show();
