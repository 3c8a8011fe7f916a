"""Web pages like those that people save, made up: a site's menus, prose, tables and fact boxes, of any size.

For benchmarks and tests of reading. Each page says which figures stand in its boxes and tables, so that whoever reads
it can be asked for every one of them. The same number always makes the same page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_PLACES = "north harbour|south harbour|upper valley|lower valley|old town|new town|east shore|west shore".split("|")
_TRADES = (
    "rope maker|sail cutter|net mender|boat joiner|chart reader|tide keeper|lamp trimmer|salt raker|kelp drier|"
    "hull painter|anchor smith|buoy warden"
).split("|")
_DOING = "plans|measures|repairs|records|checks|explains|compares|orders|sorts|teaches|tests|writes up".split("|")
_WHAT = (
    "the stores of the yard|the readings of the week|worn gear before the season|the work of apprentices|"
    "the cost of new material|what the crews report|the safety of each landing place|drawings for the next order"
).split("|")
_WITH = "with hand tools|with a small team|on three days a week|under an older hand|before the ships leave".split("|")
_MEASURES = "Median pay|Starting pay|Open posts|Years to learn|Hours a week|Share of part-timers".split("|")


@dataclass(frozen=True, slots=True)
class Page:
    """A made-up page. `figures`: (label, value) of each pair in its fact boxes, (row, value) of each table cell."""

    name: str
    title: str
    html: str
    figures: tuple[tuple[str, str], ...]


def pages(count: int, size: int = 100_000) -> Iterator[Page]:
    """So many pages of about `size` bytes each, of which no two have the same title."""
    for number in range(count):
        yield page(number, size)


def page(number: int, size: int = 100_000) -> Page:
    """The page of that number: menus in list and div mark-up, a fact box of each common kind, tables, prose."""
    chance = random.Random(number)  # noqa: S311
    trade = _TRADES[number % len(_TRADES)].title()
    place = _PLACES[number // len(_TRADES) % len(_PLACES)]
    title = f"{trade}s of the {place}" + (f", part {number // 96 + 1}" if number >= 96 else "")
    figures: list[tuple[str, str]] = []
    body = [_facts_table(chance, title, figures), _fact_rows(chance, figures), _definitions(chance, figures)]
    section = 0
    length = 0
    while length < size * 0.62:
        section += 1
        piece = _section(chance, section, trade, figures)
        body.append(piece)
        length += len(piece)
    html = _frame(title, "\n".join(body), _menu(chance, max(40, size // 900)))
    return Page(f"page-{number:04d}.html", title, html, tuple(figures))


def _frame(title: str, body: str, menu: str) -> str:
    style = "\n".join(f".box-{n} {{ margin: {n}px; padding: {n % 7}px; color: #1{n % 10}2 }}" for n in range(60))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Yard Office</title>
<meta name="description" content="What people in the yards do and earn."><meta property="og:site_name"
content="Yard Office"><style>{style}</style><script>window.data = {{"pay": "99,999"}};</script></head><body>
<a class="skip-link" href="#main">Skip to content</a>
<header class="site-header"><a href="/"><img src="/logo.svg" alt="Yard Office"></a>
<nav aria-label="Main"><ul>{menu}</ul></nav></header>
<div class="breadcrumbs"><a href="/">Home</a> / <a href="/trades">Trades</a> / {title}</div>
<div class="layout"><div class="side-nav"><ul>{menu}</ul></div>
<div id="main" class="content"><h1>{title}</h1>
<p class="byline">Reviewed 4 March 2025</p>
{body}
</div></div>
<footer class="site-footer"><ul>{menu}</ul><p>Yard Office, 2 Quay Lane.</p></footer></body></html>"""


def _menu(chance: random.Random, entries: int) -> str:
    return "\n".join(
        f'<li class="menu-item menu-item-{n}"><a class="menu-link" href="/trades/{n}">'
        f"{chance.choice(_TRADES).title()} {n}</a></li>"
        for n in range(entries)
    )


def _facts_table(chance: random.Random, title: str, figures: list[tuple[str, str]]) -> str:
    rows: list[str] = []
    for label in ("2024 Median Pay", "Entry-Level Schooling", "Posts, 2024", "Outlook, 2024-34"):
        value = "A yard certificate" if "Schooling" in label else _amount(chance, label)
        figures.append((label, value))
        rows.append(f'<tr><th scope="row"><a href="#{len(rows)}">{label}</a></th><td>{value}</td></tr>')
    head = f'<thead><tr><th colspan="2">Quick Facts: {title}</th></tr></thead>'
    return f'<table class="quick-facts">{head}<tbody>{"".join(rows)}</tbody></table>'


def _fact_rows(chance: random.Random, figures: list[tuple[str, str]]) -> str:
    rows: list[str] = []
    for label in ("Typical week", "Longest shift", "Paid leave"):
        value = f"{chance.randint(8, 48)} {'days' if label == 'Paid leave' else 'hours'}"
        figures.append((label, value))
        rows.append(
            f'<div class="fact"><span class="fact-label">{label}</span><span class="fact-value">{value}</span></div>'
        )
    return f'<div class="fact-box">{"".join(rows)}</div>'


def _definitions(chance: random.Random, figures: list[tuple[str, str]]) -> str:
    rows: list[str] = []
    for label in ("New posts each year", "Share who stay", "Average age"):
        value = f"{chance.randint(21, 95)}%" if "Share" in label else f"{chance.randint(21, 95)}"
        figures.append((label, value))
        rows.append(f"<dt>{label}</dt><dd>{value}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _section(chance: random.Random, number: int, trade: str, figures: list[tuple[str, str]]) -> str:
    heading = f"{chance.choice(_MEASURES)} and duties, part {number}"
    prose = "".join(
        "<p>"
        + " ".join(
            f"A {trade.lower()} {chance.choice(_DOING)} <em>{chance.choice(_WHAT)}</em> {chance.choice(_WITH)}."
            for _ in range(chance.randint(3, 6))
        )
        + "</p>\n"
        for _ in range(4)
    )
    items = "".join(
        f"<li><strong>{chance.choice(_DOING).title()}</strong> {chance.choice(_WHAT)}.</li>" for _ in range(5)
    )
    return f"<h2>{heading}</h2>\n{prose}<p>Most of them:</p><ul>{items}</ul>\n{_table(chance, number, figures)}"


def _table(chance: random.Random, number: int, figures: list[tuple[str, str]]) -> str:
    columns = chance.sample(_MEASURES, 4)
    rows: list[str] = []
    for place in _PLACES:
        row = f"{place.title()}, district {number}"
        cells = [_amount(chance, column) for column in columns]
        figures += [(row, cell) for cell in cells]
        rows.append(f'<tr class="row"><th scope="row">{row}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Place", *columns))
    return (
        f"<table><caption>Table {number}. The yards by district</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _amount(chance: random.Random, measure: str) -> str:
    if "pay" in measure.lower():
        return f"£{chance.randint(18_000, 64_000):,}"
    if "Share" in measure or "Outlook" in measure:
        return f"{chance.randint(2, 60)}%"
    return f"{chance.randint(3, 9_000):,}"
