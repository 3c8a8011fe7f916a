"""A library of look-alike pages, one an occupation, and the questions on it: `python -m evals lookalikes DIR`.

Every page has the same headings, a menu, a footer and the same kinds of figures; only the figures and a few sentences
differ, so that an answer from the wrong page is easy to give and easy to see. Four layouts hold the same facts: a
table, a definition list, fact boxes, and running sentences. Questions name the occupation by its title, by another
name, or name one that has no page. Occupations and figures are made up from a seed; nothing is copied from anywhere.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals import nuggets

LAYOUTS = ("table", "list", "boxes", "sentences")
# Everyday occupations with other names that people use for them.
_KNOWN = {
    "Hairdressers": "hair stylist", "Veterinarians": "vet", "Software developers": "coder", "Physicians": "doctor",
    "Lawyers": "attorney", "Registered nurses": "RN", "Human resources managers": "HR manager", "Bakers": "bread maker",
    "Electricians": "wireman", "Plumbers": "pipe fitter", "Carpenters": "woodworker", "Dentists": "tooth doctor",
    "Pharmacists": "druggist", "Librarians": "library worker", "Firefighters": "fireman", "Police officers": "cop",
    "Flight attendants": "stewardess", "Waiters": "server in a restaurant", "Chefs": "head cook",
    "Cashiers": "checkout clerk", "Janitors": "cleaner", "Secretaries": "office assistant", "Accountants": "CPA",
    "Actuaries": "insurance mathematician", "Database administrators": "DBA", "Web developers": "website builder",
    "Truck drivers": "trucker", "Surgeons": "operating doctor", "Psychologists": "therapist",
    "Teachers": "schoolteacher", "Professors": "university lecturer", "Journalists": "reporter",
    "Photographers": "picture taker", "Interpreters": "translator", "Real estate agents": "realtor",
    "Statisticians": "number cruncher", "Mechanics": "car repairer", "Farmers": "grower", "Fishers": "fisherman",
    "Loggers": "lumberjack", "Roofers": "roof layer", "Painters": "decorator", "Tailors": "dressmaker",
    "Optometrists": "eye doctor", "Paramedics": "ambulance worker", "Dietitians": "nutritionist",
    "Audiologists": "hearing specialist", "Economists": "economic analyst", "Geologists": "rock scientist",
    "Astronomers": "stargazer",
}  # fmt: skip
_THINGS = (
    "Harbour Kiln Orchard Loom Quarry Signal Glass Tide Copper Meadow Timber Archive Turbine Lantern Granite Pollen "
    "Velvet Canal Saddle Beacon Marble Willow Engine Parcel Ferry Mosaic Barley Cellar Anchor Prism"
).split()
_TRADES = "inspectors fitters keepers graders planners tuners wardens surveyors blenders dispatchers".split()
# Pages at most, so that all figures of a kind can differ.
MOST = 250
_FIELDS = ("pay", "entry", "training", "jobs", "growth", "openings")


@dataclass(frozen=True, slots=True)
class Occupation:
    """One page: `title`, another name for it ("" for none), the figures as they are written, the layout."""

    title: str
    other: str
    figures: Mapping[str, str]
    layout: str


def occupations(count: int, seed: int) -> tuple[Occupation, ...]:
    """`count` occupations in a fixed order; known ones first. Figures of a kind are never the same on two pages."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    known = list(_KNOWN.items())
    chance.shuffle(known)
    names = known[: min(len(known), count * 45 // 100)]
    made = [f"{thing} {trade}" for thing in _THINGS for trade in _TRADES]
    chance.shuffle(made)
    names += [(title, "") for title in made[: count - len(names)]]
    pay = chance.sample(range(28_000, 190_000, 130), count)
    jobs = chance.sample(range(1_200, 900_000, 700), count)
    openings = chance.sample(range(110, 60_000, 90), count)
    growth = [f"{chance.choice((-1, 1, 1)) * tenths / 10:g}" for tenths in chance.sample(range(5, 400), count)]
    return tuple(
        Occupation(
            title,
            other,
            {
                "pay": f"${pay[i]:,} per year",
                "entry": chance.choice(("Bachelor's degree", "High school diploma", "Master's degree", "None")),
                "training": chance.choice(("None", "Short courses", "Apprenticeship", "Internship")),
                "jobs": f"{jobs[i]:,}",
                "growth": f"{growth[i]}%",
                "openings": f"{openings[i]:,}",
            },
            LAYOUTS[i % len(LAYOUTS)],
        )
        for i, (title, other) in enumerate(names)
    )


def write(folder: Path, count: int = 100, seed: int = 1, layout: str | None = None) -> tuple[Path, Path]:
    """Write the pages to `folder`/pages and the questions to `folder`/questions.jsonl; both paths.

    A fifth more occupations than `count` are made up, and those that get no page are asked about too. `layout` puts all
    pages in one.
    """
    made = occupations(count + count // 5, seed)
    order = random.Random(seed).sample(range(len(made)), len(made))  # noqa: S311
    pages = [made[i] for i in sorted(order[:count])]
    absent = [made[i] for i in sorted(order[count:])]
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    for each in pages:
        html = page(each, layout or each.layout, [other.title for other in pages[:12]])
        (folder / "pages" / _file(each)).write_text(html, encoding="utf-8")
    rows = questions(pages, absent)
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder / "pages", folder / "questions.jsonl"


def questions(pages: Sequence[Occupation], absent: Sequence[Occupation]) -> list[dict[str, object]]:
    """Question rows, tagged `title`, `other-name` or `absent`: two for each page and name, in turn over the figures.

    Each names, as what must `never` be stated, the figures of the kind asked for that the other pages hold.
    """
    rows: list[dict[str, object]] = []
    for place, each in enumerate(pages):
        for name, tag in ((each.title.lower(), "title"), (each.other, "other-name")):
            for field in _asked(place) if name else ():
                row: dict[str, object] = {
                    "id": f"{tag}-{place}-{field}",
                    "question": _ASK[field](_plain(name)),
                    "expect": "answered",
                }
                figure = each.figures[field].removesuffix(" per year")
                row |= {"nuggets": [[figure]], "relevant": [{"document": _file(each)}]}
                rows.append({**row, "never": _foreign(field, each, pages), "tags": [tag]})
    for place, each in enumerate(absent):
        for field in _asked(place):
            question = _ASK[field](_plain(each.title.lower()))
            never = {"never": _foreign(field, each, pages), "tags": ["absent"]}
            rows.append({"id": f"absent-{place}-{field}", "question": question, "expect": "abstained", **never})
    return rows


def _foreign(field: str, own: Occupation, pages: Sequence[Occupation]) -> list[str]:
    """The figures of other pages that do not stand, as another figure, on the page of `own` too."""
    here = nuggets.joined(own.figures.values())
    figures = (each.figures[field].removesuffix(" per year") for each in pages if each != own)
    return [figure for figure in figures if not nuggets.holds(here, figure)]


def _asked(place: int) -> tuple[str, str]:
    """The two figures that are asked of a page."""
    fields = ("pay", "growth", "jobs", "openings")
    return fields[place % 4], fields[(place + 1 + place // 4 % 3) % 4]


_ASK: Mapping[str, Callable[[str], str]] = {
    "pay": lambda name: f"How much do {name} earn?",
    "growth": lambda name: f"How fast will employment of {name} grow?",
    "jobs": lambda name: f"How many jobs for {name} are there?",
    "openings": lambda name: f"How many openings for {name} are expected each year?",
}


def _plain(name: str) -> str:
    """A name in the plural, as it is asked for."""
    if name.endswith("s") or " in " in name:
        return name
    last = name.split()[-1]
    plural = last[:-3] + "men" if last.endswith("man") else last + "s"
    return " ".join([*name.split()[:-1], plural])


def _file(each: Occupation) -> str:
    return "-".join(each.title.lower().split()) + ".html"


_LABELS = {
    "pay": "Median pay", "entry": "Usual entry-level education", "training": "On-the-job training",
    "jobs": "Number of jobs", "growth": "Job outlook, ten years", "openings": "Openings each year",
}  # fmt: skip
_LABELS_BY_LAYOUT = {
    "boxes": {
        "pay": "What they earn in the middle", "entry": "Education to begin with", "training": "Training at work",
        "jobs": "Jobs today", "growth": "Change in employment", "openings": "Yearly openings",
    },
}  # fmt: skip


def page(each: Occupation, layout: str, linked: Sequence[str]) -> str:
    """One page as HTML: menu, facts in their layout, the sections that all pages have, footer."""
    title, low = each.title, each.title.lower()
    menu = "".join(f'<li><a href="{name}.html">{name}</a></li>' for name in linked)
    figures = each.figures
    tabs = "".join(f"<li><a>{name}</a></li>" for name in ("Summary", "What they do", "Pay", "Outlook"))
    return f"""<!doctype html>
<html lang="en"><head><title>{title} : Handbook of work</title></head><body>
<header><nav><ul>{menu}</ul></nav><form><input name="q"><button>Search</button></form></header>
<div class="tabs"><ul>{tabs}</ul></div>
<main><h1>{title}</h1>
<h2>Quick facts</h2>
{_FACTS[layout](each)}
<h2>What they do</h2>
<p>{title} plan their day around the tasks that come in, carry them out with care and write down what was done.</p>
<p>The tools of {low} have changed over the years, and much of the work is now prepared on a screen.</p>
<h2>Where they work</h2>
<p>Most {low} work in small firms; some work for themselves or for public bodies.</p>
<h2>Pay</h2>
<p>The median annual wage for {low} was {figures["pay"].removesuffix(" per year")}. Half earned more than that.</p>
<h2>Job outlook</h2>
<p>Employment of {low} is projected to change by {figures["growth"]} over ten years. About {figures["openings"]}
openings for {low} are projected each year.</p>
</main>
<footer><p>Handbook of work. Contact us. Subscribe to our newsletter. Privacy policy.</p></footer>
</body></html>
"""


def _rows(each: Occupation, layout: str) -> list[tuple[str, str]]:
    labels = _LABELS_BY_LAYOUT.get(layout, _LABELS)
    return [(labels[field], each.figures[field]) for field in _FIELDS]


def _table(each: Occupation) -> str:
    rows = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in _rows(each, "table"))
    return f"<table><caption>Quick facts: {each.title}</caption>{rows}</table>"


def _list(each: Occupation) -> str:
    return f"<dl>{''.join(f'<dt>{label}</dt><dd>{value}</dd>' for label, value in _rows(each, 'list'))}</dl>"


def _boxes(each: Occupation) -> str:
    rows = "".join(
        f'<div class="fact"><span class="label">{label}</span><span class="value">{value}</span></div>'
        for label, value in _rows(each, "boxes")
    )
    return f'<div class="facts">{rows}</div>'


def _sentences(each: Occupation) -> str:
    low, figures = each.title.lower(), each.figures
    return (
        f"<p>There are {figures['jobs']} jobs for {low}. The usual education to enter is: {figures['entry'].lower()}. "
        f"Training at work: {figures['training'].lower()}.</p>"
    )


_FACTS: Mapping[str, Callable[[Occupation], str]] = {
    "table": _table, "list": _list, "boxes": _boxes, "sentences": _sentences,
}  # fmt: skip
