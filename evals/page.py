"""report.html: one page that needs nothing else. Every text is escaped; its script only hides and shows rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from evals.plots import plots
from evals.record import Record

# What the cards show, in order.
CARDS = (
    "passed",
    "answered",
    "declined",
    "nugget_recall",
    "relevant_document",
    "citations_valid",
    "verbatim",
    "answer_words",
)
Cells = Sequence[tuple[str, Mapping[str, str]]]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def page(record: Record, cells: Cells, names: Sequence[tuple[str, str]], since: Mapping[str, Any] | None) -> str:
    """The whole page. `cells` is the score table, `names` how measures are named for a person, `since` what changed
    since the run before (the body of `evals compare`)."""
    summary = record.summary
    style, script = (files("evals").joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    sets = ", ".join(f"{each['name']} ({each['n']})" for each in summary["sets"])
    states = ", ".join(f"{name} {count}" for name, count in summary["states"].items())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>Waymark evaluation</title><style>{style}</style></head><body>
<header><h1>Waymark evaluation</h1>
<p>{summary["n"]} questions of {escape(sets)}; library {escape(str(summary.get("generation", "")))},
code {escape(summary["code"][:12])}. States: {escape(states)}.</p></header>
<ul class="cards">{_cards(summary, dict(names), since)}</ul>
{_changed(since)}
<div class="plots">{plots(record.rows, record.timings)}</div>
<details class="part"><summary>All measures</summary><div class="wide">{_table(cells)}</div></details>
<details class="part"><summary>{_controls_told(summary)}</summary><ul>{_controls(summary)}</ul></details>
<h2>Cases <small id="count" aria-live="polite"></small></h2>
<div class="filters"><input id="words" type="search" placeholder="words in a case" aria-label="words in a case">
<select id="pick" aria-label="which cases">{_options(record.rows, since)}</select></div>
<div class="row head" aria-hidden="true"><span></span><span>question</span><span>expected</span><span>got</span>
<span>words</span></div>
{"".join(_case(row, _moved(since)) for row in record.rows)}
<script>{script}</script></body></html>
"""


def _cards(summary: Mapping[str, Any], names: Mapping[str, str], since: Mapping[str, Any] | None) -> str:
    changes = {} if since is None else since["measures"]
    return "".join(
        f"<li>{escape(names[name])}<b>{value}</b><small>{escape(around)}</small>{_difference(name, changes)}</li>"
        for name in CARDS
        if (value := _value(summary, name)) and (around := _around(summary, name)) is not None
    )


def _value(summary: Mapping[str, Any], name: str) -> str:
    """The figure of a card; nothing where the measure goes over no case."""
    rate = summary["rates"].get(name)
    if rate is not None:
        return f"{rate['value']:.3f}" if rate["n"] else ""
    value = summary["means"].get(name)
    return "" if value is None else f"{value:.{_digits(name)}f}"


def _around(summary: Mapping[str, Any], name: str) -> str:
    rate = summary["rates"].get(name)
    if rate is not None:
        return f"{rate['low']:.3f} to {rate['high']:.3f}, {rate['hits']} of {rate['n']}"
    each = summary["mean_intervals"].get(name)
    return "" if each is None else f"{each['low']:.{_digits(name)}f} to {each['high']:.{_digits(name)}f}"


def _digits(name: str) -> int:
    return 1 if name == "answer_words" else 3


def _difference(name: str, changes: Mapping[str, Any]) -> str:
    """The difference to the run before; coloured only where its whole interval lies on one side of nothing."""
    change = changes.get(name)
    if change is None:
        return ""
    difference, low, high = (change[key] for key in ("difference", "low", "high"))
    tone = ""
    if name != "answer_words" and low is not None and (low > 0 or high < 0):
        tone = "good" if difference > 0 else "bad"
    told = "as before" if not difference else f"{difference:+.{_digits(name)}f} to the run before"
    return f'<small class="since {tone}">{escape(told)}</small>'


def _changed(since: Mapping[str, Any] | None) -> str:
    if since is None:
        return "<p><small>No earlier run of the same questions stood in this folder.</small></p>"
    counts = ", ".join(f"{len(since[kind])} {kind}" for kind in ("better", "worse", "mixed"))
    what = ", ".join(since["other"]) or "nothing"
    return (
        f"<p>Since the run before: cases {escape(counts)}, {since['reworded']} others said in other words. "
        f"What else is not the same: {escape(what)}.</p>"
    )


def _table(cells: Cells) -> str:
    groups = list(cells[0][1]) if cells else []
    head = "".join(f"<th>{escape(name)}</th>" for name in groups)
    body = "".join(
        f"<tr><td>{escape(label)}</td>" + "".join(f"<td>{escape(row[name])}</td>" for name in groups) + "</tr>"
        for label, row in cells
    )
    return f"<table><thead><tr><th>measure</th>{head}</tr></thead><tbody>{body}</tbody></table>"


def _controls_told(summary: Mapping[str, Any]) -> str:
    told = summary["controls"].values()
    if not told:
        return "Controls of the evaluator were not run"
    return f"Controls of the evaluator: {sum(each['passed'] for each in told)} of {len(told)} passed"


def _controls(summary: Mapping[str, Any]) -> str:
    return "".join(
        f'<li class="{_tone(told["passed"])}">{"passed" if told["passed"] else "FAILED"}: {escape(name)}: '
        f"{escape(told['measured'])}</li>"
        for name, told in summary["controls"].items()
    )


def _options(rows: Sequence[Mapping[str, Any]], since: Mapping[str, Any] | None) -> str:
    choices = [("", "all cases"), ("passed=false", "not passed"), ("passed=true", "passed")]
    if since is not None:
        choices += [(f"moved={kind}", f"{kind} than before") for kind in ("better", "worse") if since[kind]]
    choices += [(f"state={name}", f"state: {name}") for name in sorted({row["state"] for row in rows})]
    choices += [(f"expect={name}", f"expected: {name}") for name in sorted({row["expect"] for row in rows})]
    choices += [(f"status={name}", f"got: {name}") for name in sorted({row["status"] for row in rows} - {""})]
    choices += [(f"tags={name}", f"tag: {name}") for name in sorted({tag for row in rows for tag in row["tags"]})]
    return "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices)


def _moved(since: Mapping[str, Any] | None) -> dict[str, str]:
    """Of every case that changed since the run before, which way."""
    return {} if since is None else {each["id"]: kind for kind in ("better", "worse", "mixed") for each in since[kind]}


def _case(row: Mapping[str, Any], moved: Mapping[str, str]) -> str:
    data = {name: str(row[name]).lower() for name in ("passed", "state", "expect", "status")}
    data |= {"moved": moved.get(row["id"], ""), "tags": "\n".join(row["tags"])}
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    problems = "".join(f'<li class="bad">{escape(each)}</li>' for each in (*row["problems"], row["trouble"]) if each)
    nuggets = "".join(
        f'<li class="{_tone(each["found"])}">{"found" if each["found"] else "missing"}: '
        f"{escape(' / '.join(each['any']))}</li>"
        for each in row["nuggets"]
    )
    turns = "".join(
        f'<p class="turn"><b>{escape(turn["role"])}</b> {escape(turn["content"])}</p>' for turn in row["history"]
    )
    told = ", ".join((row["id"], *row["tags"], *([moved[row["id"]]] if row["id"] in moved else ())))
    mark = "✓" if row["passed"] else "✗"
    return (
        f'<details class="case"{attributes}><summary class="row"><span class="{_tone(row["passed"])}" '
        f'title="{"passed" if row["passed"] else "not passed"}">{mark}</span>'
        f"<span>{escape(row['question'])} <small>{escape(told)}</small></span><span>{escape(row['expect'])}</span>"
        f"<span>{escape(row['status'] or row['state'])}</span><span>{row['words']}</span></summary>"
        f'<div class="body">{turns}{_list(problems)}{_list(nuggets)}{_answer(row["answer"])}</div></details>\n'
    )


def _list(items: str) -> str:
    return f"<ul>{items}</ul>" if items else ""


def _answer(answer: Mapping[str, Any] | None) -> str:
    """The claims coloured by verdict, the cited words in their place, and the answer as it was written."""
    if answer is None:
        return ""
    claims = "".join(
        f'<li class="claim {_tone(each["verdict"] == "supported")}">{escape(each["text"])} '
        f"{escape(''.join(f'[{number}]' for number in each['citations']))} "
        f"<small>{escape('; '.join((each['verdict'], format(each['score'], '.2f'), *each['reasons'])))}</small></li>"
        for each in answer["claims"]
    )
    missing = f"<p>Missing: {escape('; '.join(answer['missing']))}</p>" if answer["missing"] else ""
    options = f"<p>Asks back: {escape('; '.join(answer['options']))}</p>" if answer["options"] else ""
    written = f"<details><summary>As written</summary><pre>{escape(answer['answer'])}</pre></details>"
    citations = "".join(map(_citation, answer["citations"]))
    return f"{_list(claims)}{missing}{options}{written}{citations}"


def _citation(citation: Mapping[str, Any]) -> str:
    """The quote marked inside the words around it."""
    place = " > ".join(part for part in (citation["title"], citation["section"]) if part)
    return (
        f"<p>[{int(citation['number'])}] {escape(place)} <small>{escape(citation['source'])}</small></p>"
        f"<blockquote>{escape(citation['before'])}<mark>{escape(citation['quote'])}</mark>"
        f"{escape(citation['after'])}</blockquote>"
    )


def _tone(good: bool) -> str:
    return "good" if good else "bad"
