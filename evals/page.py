"""report.html: one page that needs nothing else. Every text is escaped; its script only hides and shows rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

AROUND = 160  # characters of the document that are shown on each side of a quote
_CARDS = (
    "Passed in all",
    "Answered, where an answer was due",
    "Declined, where the guides are silent",
    "All nuggets found",
    "All citations valid",
    "All claims verbatim (extractive)",
)

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #2a7d46; --bad: #b3372c; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
.cards { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; list-style: none; }
.cards li { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; flex: 1 1 10rem; }
.cards b { display: block; font-size: 1.6rem; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid var(--line); padding: .3rem .5rem;
  text-align: left; vertical-align: top; }
.filters { display: flex; gap: .75rem; flex-wrap: wrap; margin: 1rem 0; } .filters input { flex: 1 1 16rem; }
.filters input, .filters select { font: inherit; padding: .3rem .5rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .4rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; } .good { color: var(--good); } .bad { color: var(--bad); }
blockquote { border-left: 3px solid var(--line); margin: .5rem 0; padding-left: .75rem; white-space: pre-wrap; }
pre { white-space: pre-wrap; font: inherit; } small { opacity: .75; } [hidden] { display: none; }
"""
_SCRIPT = """
const box = document.getElementById('words'), pick = document.getElementById('pick');
const cases = [...document.querySelectorAll('details.case')], count = document.getElementById('count');
function show() {
  const words = box.value.toLowerCase(), [name, value] = pick.value.split('=');
  let left = 0;
  for (const each of cases) {
    const stays = each.textContent.toLowerCase().includes(words) && (!name || each.dataset[name] === value);
    each.hidden = !stays; left += stays;
  }
  count.textContent = left + ' of ' + cases.length;
}
box.addEventListener('input', show); pick.addEventListener('change', show); show();
"""


def page(
    summary: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    cells: Sequence[tuple[str, Mapping[str, str]]],
    texts: Mapping[str, str],
) -> str:
    """The whole page. `cells` is the score table; `texts` holds documents by id, to show quotes in their place."""
    groups = list(cells[0][1]) if cells else []
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    head = "".join(f"<th>{escape(name)}</th>" for name in groups)
    table = "".join(
        f"<tr><td>{escape(label)}</td>"
        + "".join(f"<td>{escape(row[name] or 'none')}</td>" for name in groups)
        + "</tr>"
        for label, row in cells
    )
    controls = "".join(
        f"<li class={_tone(told['passed'])}>{'passed' if told['passed'] else 'FAILED'}: {escape(name)}: "
        f"{escape(told['measured'])}</li>"
        for name, told in summary["controls"].items()
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Waymark evaluation</title><style>{_STYLE}</style></head><body>
<h1>Waymark evaluation</h1>
<p>{summary["n"]} questions; library {escape(str(summary.get("generation", "")))}.
{escape(", ".join(f"{name} {count}" for name, count in summary["states"].items()))}.</p>
<ul class="cards">{_cards(cells)}</ul>
<table><thead><tr><th>measure</th>{head}</tr></thead><tbody>{table}</tbody></table>
<h2>Controls of the evaluator</h2><ul>{controls or "<li>not run</li>"}</ul>
<h2>Cases <small id="count"></small></h2>
<div class="filters"><input id="words" type="search" placeholder="words in a case" aria-label="words in a case">
<select id="pick" aria-label="which cases">{_options(rows)}</select></div>
{"".join(_case(row, texts) for row in rows)}
<script>{_SCRIPT}</script></body></html>
"""


def _cards(cells: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    shown = {label: row.get("all", "") for label, row in cells}
    return "".join(
        f"<li>{escape(label)}<b>{escape(shown[label].split(' ')[0])}</b>"
        f"<small>{escape(' '.join(shown[label].split(' ')[1:]))}</small></li>"
        for label in _CARDS
        if shown.get(label)
    )


def _options(rows: Sequence[Mapping[str, Any]]) -> str:
    choices = [("", "all cases"), ("passed=false", "not passed"), ("passed=true", "passed")]
    choices += [(f"state={name}", f"state: {name}") for name in sorted({row["state"] for row in rows})]
    choices += [(f"expect={name}", f"expected: {name}") for name in sorted({row["expect"] for row in rows})]
    choices += [(f"status={name}", f"got: {name}") for name in sorted({row["status"] for row in rows} - {""})]
    return "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices)


def _case(row: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    data = "".join(
        f' data-{name}="{escape(str(row[name]).lower())}"' for name in ("passed", "state", "expect", "status")
    )
    got = row["status"] or row["state"]
    nuggets = "".join(
        f"<li class={_tone(each['found'])}>{'found' if each['found'] else 'missing'}: "
        f"{escape(' / '.join(each['any']))}</li>"
        for each in row["nuggets"]
    )
    problems = "".join(f"<li class=bad>{escape(each)}</li>" for each in (*row["problems"], row["trouble"]) if each)
    turns = "".join(
        f"<p><small>{escape(turn['role'])}: {escape(turn['content'])}</small></p>" for turn in row["history"]
    )
    answer = row["answer"]
    body = "" if answer is None else _answer(answer, texts)
    return (
        f'<details class="case"{data}><summary><span class={_tone(row["passed"])}>'
        f"{'passed' if row['passed'] else 'not passed'}</span> {escape(row['question'])} "
        f"<small>{escape(row['id'])}: expected {escape(row['expect'])}, got {escape(got)}</small></summary>"
        f"{turns}<ul>{problems}{nuggets}</ul>{body}</details>\n"
    )


def _answer(answer: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    claims = "".join(
        f"<tr><td class={_tone(each['verdict'] == 'supported')}>{escape(each['verdict'])}</td>"
        f"<td>{each['score']:.2f}</td><td>{escape(each['text'])} "
        f"{escape(''.join(f'[{number}]' for number in each['citations']))} "
        f"<small>{escape('; '.join(each['reasons']))}</small></td></tr>"
        for each in answer["claims"]
    )
    table = f"<table><tr><th>verdict</th><th>score</th><th>claim</th></tr>{claims}</table>" if claims else ""
    missing = f"<p>Missing: {escape('; '.join(answer['missing']))}</p>" if answer["missing"] else ""
    return (
        f"<pre>{escape(answer['answer'])}</pre>{missing}{table}"
        f"{''.join(_citation(each, texts.get(each['document_id'])) for each in answer['citations'])}"
    )


def _citation(citation: Mapping[str, Any], text: str | None) -> str:
    """The quote marked inside the words around it; alone where the document is not at hand or says otherwise."""
    start, end, quote = citation["start"], citation["end"], citation["quote"]
    before = after = ""
    if text is not None and text[start:end] == quote:
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    place = " > ".join(part for part in (citation["title"], citation["section"]) if part)
    return (
        f"<p>[{int(citation['number'])}] {escape(place)} <small>{escape(citation['source'])}</small></p>"
        f"<blockquote>{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</blockquote>"
    )


def _tone(good: bool) -> str:
    return "good" if good else "bad"
