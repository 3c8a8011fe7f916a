"""The check of the guides: what `python -m corpus check` finds, each finding with its place and what to do.

Errors (exit code 1):
  schema      front matter, sources.toml or figures.toml does not fit its schema
  footnote    a mark that leads to no work of sources.toml, or a work that no guide uses
  source      a sentence, item or row with a figure (see corpus.figures) and no footnote. A sentence that introduces a
              list or table by a year alone is borne by the footnotes under it.
  hearsay     a figure known at second hand only (confidence S) in words that do not say at whose word
  asked       words in which people ask (`asked`) under a heading that is not there, or under two headings, or a section
              with none where the others have some
  link        a link to a guide or heading that is not there
  pronoun     a sentence that begins by pointing back ("It", "These rules"): quoted alone, it says nothing
  recurring   a figure that stands in several guides and not in the table of figures, or otherwise than the table says
  table       two tables that give different figures for one row, column and source
  repeated    two guides that say the same at length: near-duplicate sentences of REPEATED words or more
  copied      a run of eight words within a clause shared with a given text; titles and publishers are excepted
  hard        a guide whose reading ease is below HARD: hard for anybody
  credit      a work under a licence that asks for credit, whose publisher or licence NOTICE does not name
  overview    docs/guides.md is not what `--mend` writes
Warnings:
  stale       a figure older than the limit
  draft       an entry of figures.toml that `--mend` made and nobody has named yet
  alike       a pair of near-duplicate sentences in two guides
  hard        a guide whose reading ease is below ROUGH; newspapers for a general public aim at 60
  slip        a long figure that is the table's figure of the same source with two digits exchanged
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from corpus.check_table import contradicting_tables, disagreements, recurring_figures
from corpus.errors import UnknownPath
from corpus.figures import STALE_MONTHS, Figure, figures, is_stale, said_date
from corpus.guide import LINK, Guide, Source, Statement, line_of
from corpus.likeness import clauses, near_duplicates, runs
from corpus.reading_ease import reading_ease
from corpus.shelf import Finding, Level, Shelf, found_in

# Flesch's scale: below 30 a text is hard for anybody; a sentence that names place, period and publisher of a figure is
# long, so statistics lie lower than prose.
HARD, ROUGH = 30.0, 40.0
# Near-duplicate sentences of two guides that hold together so many words are one text told twice.
REPEATED = 100

_POINTS_BACK = re.compile(
    r"^(?:(?:It|Its|They|Their|Theirs|Them|He|She|His|Her|That|Those|These|Such|Both|Neither|Either|However|Therefore|"
    r"Thus|Hence|Moreover|Furthermore|Additionally|Consequently|Likewise|Similarly|Otherwise|Instead|Nevertheless|"
    r"Nonetheless|Also|But|And|So)\b|This\b(?! guide\b)|Th(?:e|is) (?:former|latter|same) (?!\w+ (?:of|as)\b))"
)
# Words by which a sentence says that somebody else said it.
_ATTRIBUTED = re.compile(
    r"\b(?:according to|as (?:quoted|reported|given|cited|shown|copied|noted|stated|told|described|listed)|going by|"
    r"report(?:s|ed|ing)?|quot(?:es|ed)|says|said|writ(?:es|ing)|wrote|reading of|names?|named|estimate[sd]?|claims?|"
    r"puts?|gives?|gave|counts?|counted|found|survey(?:ed)?|author|(?:re)?publish(?:ed|es)|accounts?|advice|articles?|"
    r"books?|blogs?|cop(?:y|ies)|files?|lists?|pages?|(?:web)?sites?|sum)\b",
    re.IGNORECASE,
)


def check(shelf: Shelf, today: date, stale_months: int = STALE_MONTHS, against: Path | None = None) -> list[Finding]:
    """Every finding, in the order of files and lines. Raises UnknownPath where `against` holds no text."""
    found = list(shelf.faults)
    for guide in shelf.guides:
        found += _footnotes(guide, shelf.sources)
        found += _unsourced(guide)
        found += _hearsay(guide, shelf.sources)
        found += _links(guide, shelf.guides)
        found += _unasked(guide)
        found += _pronouns(guide)
        found += _ease(guide)
        found += _stale(guide, shelf.sources, today, stale_months)
    found += _unused(shelf)
    found += _uncredited(shelf)
    found += recurring_figures(shelf)
    found += disagreements(shelf)
    found += contradicting_tables(shelf.guides)
    found += _told_twice(shelf.guides)
    found += _asked_twice(shelf.guides)
    if against is not None:
        found += _copied(shelf, against)
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.rule))


def stated(statement: Statement) -> tuple[Figure, ...]:
    """The figures of a statement; a heading asks and states none."""
    return () if statement.kind == "heading" else figures(statement.own_words)


def figure_date(statement: Statement, sources: Mapping[str, Source], today: date) -> str:
    """When a statement's figures held: the newest year that it, its header or its lead-in names, else the newest date
    of its sources, else "undated"."""
    said = said_date(" ".join((statement.text, *statement.head, statement.lead)), today)
    dates = [sources[key].date for key in statement.marks if key in sources]
    return said or max(dates, key=lambda text: re.findall(r"\d{4}[\d-]*", text) or [""], default="undated")


def _footnotes(guide: Guide, sources: Mapping[str, Source]) -> Iterator[Finding]:
    for statement in guide.statements:
        for key in dict.fromkeys(statement.marks):
            if key not in sources:
                wrong = f"the footnote [^{key}] leads to no work"
                yield found_in(
                    guide, statement, "error", "footnote", wrong, f"add [{key}] to sources.toml or mend the mark"
                )


def _unused(shelf: Shelf) -> Iterator[Finding]:
    used = {key for guide in shelf.guides for statement in guide.statements for key in statement.marks}
    if any(finding.rule == "schema" for finding in shelf.faults):
        return  # a guide that could not be read may use them
    for key in shelf.sources:
        if key not in used:
            line = line_of(shelf.sources_file, f"[{key}]")
            file, wrong = shelf.sources_file.name, f"no guide uses [{key}]"
            yield Finding("error", "footnote", file, line, "", wrong, "cite it, or take it out")


# Licences that ask for credit, and the words by which NOTICE names each; the first that fits counts.
_CREDITED = {
    "Open Government Licence - Canada": "open government licence - canada",
    "Open Government Licence": "open government licence v3.0",
    "Open Parliament Licence": "open parliament licence",
    "ODbL": "open database license",
    "CC BY": "creativecommons.org/licenses/by",
    "MIT": "mit licence",
}
_NO_CREDIT = re.compile(r"public domain|US government|facts only", re.IGNORECASE)


def _uncredited(shelf: Shelf) -> Iterator[Finding]:
    """Works whose licence asks for credit, against the NOTICE of the tree that the guides are in, if it has one."""
    notice = shelf.sources_file.parent.parent / "NOTICE"
    if not notice.is_file():
        return
    told = _spoken(notice.read_text(encoding="utf-8"))
    for key, work in shelf.sources.items():
        if work.licence is None or _NO_CREDIT.search(work.licence):
            continue
        publisher = re.split(r"[,;(]| via | cop(?:y|ied) ", work.publisher)[0].strip()
        names = [publisher, *re.findall(r"(?:[A-Z][\w.&-]+ )+[A-Z][\w.&-]+", work.publisher)]
        missing = [] if any(_spoken(name) in told for name in names) else [publisher]
        licence = next((said for name, said in _CREDITED.items() if name in work.licence), "")
        missing += [licence] if licence not in told else []
        if missing:
            wrong = f"NOTICE does not name {' or '.join(missing)}, and {key} is under {work.licence}"
            line = line_of(shelf.sources_file, f"[{key}]")
            yield Finding("error", "credit", shelf.sources_file.name, line, "", wrong, "give the credit in NOTICE")


def _spoken(text: str) -> str:
    """A text in small letters and single spaces, without the points of "U.S."."""
    return " ".join(text.casefold().replace("u.s.", "us").split())


def _unsourced(guide: Guide) -> Iterator[Finding]:
    for place, statement in enumerate(guide.statements):
        found = stated(statement)
        if not found or statement.marks or (statement.introduces and _borne(guide.statements, place, found)):
            continue
        told = ", ".join(figure.text for figure in found)
        todo = "add the footnote of the work that says so, or take the figure out"
        yield found_in(guide, statement, "error", "source", f"no footnote for {told}", todo)


def _borne(statements: Sequence[Statement], place: int, found: Sequence[Figure]) -> bool:
    """Whether a lead-in names years alone, and a part of the list or table under it has a footnote."""
    lead = statements[place].text
    under = (statement for statement in statements[place + 1 :] if statement.lead == lead)
    return all(figure.kind == "year" for figure in found) and any(statement.marks for statement in under)


def _hearsay(guide: Guide, sources: Mapping[str, Source]) -> Iterator[Finding]:
    for statement in guide.statements:
        works = [sources[key] for key in statement.marks if key in sources]
        if not works or any(work.confidence != "S" for work in works) or not stated(statement):
            continue
        told = " ".join((statement.text, statement.lead, *statement.head))
        if not _ATTRIBUTED.search(told) and not any(_names(told, work.publisher) for work in works):
            todo = f'say at whose word, such as "according to {works[0].publisher}"'
            yield found_in(
                guide, statement, "error", "hearsay", "a figure at second hand is told as if it were read", todo
            )


def _names(text: str, publisher: str) -> bool:
    """Whether a text holds a name of the publisher's."""
    names = re.findall(r"\b[A-Z][\w.&+-]{2,}", publisher)
    return any(re.search(rf"\b{re.escape(name)}", text) for name in names)


def _links(guide: Guide, guides: Sequence[Guide]) -> Iterator[Finding]:
    known = {other.name: {_anchor(s.text) for s in other.statements if s.kind == "heading"} for other in guides}
    for number, line in enumerate(guide.raw.splitlines(), 1):
        for match in LINK.finditer(line):
            file, _, anchor = match["target"].partition("#")
            if re.match(r"[a-z]+:", file):
                continue
            name = file or guide.name
            if name not in known or (anchor and anchor not in known[name]):
                yield Finding(
                    "error", "link", guide.name, number, line, f"the link to {match['target']} leads nowhere",
                    "name a guide of this folder and a heading in it",
                )  # fmt: skip


def _unasked(guide: Guide) -> Iterator[Finding]:
    """Headings of `asked` that the guide does not have, and sections for which it tells no way of asking."""
    headings = {s.text: s for s in guide.statements if s.kind == "heading" and len(s.section) == 1}
    for heading in guide.front.asked:
        if heading not in headings:
            wrong = f'asked names the heading "{heading}", which is not there'
            yield Finding("error", "asked", guide.name, 1, "", wrong, "write the heading as it stands in the text")
    for heading, statement in headings.items():
        if guide.front.asked and not guide.front.asked.get(heading):
            todo = "write in the front matter, under `asked`, in what other words people ask for it"
            yield found_in(guide, statement, "error", "asked", "nothing tells how people ask for this section", todo)


def _asked_twice(guides: Sequence[Guide]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for guide in guides:
        for heading, phrases in guide.front.asked.items():
            for phrase in phrases:
                before = first.setdefault(_spoken(phrase), f"{guide.name}, {heading}")
                if before != f"{guide.name}, {heading}":
                    wrong = f'"{phrase}" stands under {before} as well'
                    yield Finding("error", "asked", guide.name, 1, "", wrong, "leave it where it is answered best")


def _anchor(heading: str) -> str:
    """The anchor by which Markdown's readers know a heading."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()))


def _pronouns(guide: Guide) -> Iterator[Finding]:
    for statement in guide.statements:
        match = _POINTS_BACK.match(statement.text) if statement.kind == "sentence" else None
        if match:
            wrong = f'it begins with "{match[0].strip()}", which points back'
            yield found_in(
                guide, statement, "error", "pronoun", wrong, "name the thing itself; sentences are quoted alone"
            )


def _ease(guide: Guide) -> Iterator[Finding]:
    prose = [statement.text for statement in guide.statements if statement.kind in ("sentence", "item")]
    ease = reading_ease(prose) if prose else 100.0
    if ease < ROUGH:
        level: Level = "error" if ease < HARD else "warning"
        wrong = f"reading ease {ease:.0f} (Flesch), below {HARD if ease < HARD else ROUGH:.0f}"
        yield Finding(level, "hard", guide.name, 1, "", wrong, "shorten sentences and choose shorter words")


def _stale(guide: Guide, sources: Mapping[str, Source], today: date, months: int) -> Iterator[Finding]:
    for statement in guide.statements:
        if not any(figure.kind != "year" for figure in stated(statement)) or not statement.marks:
            continue
        when = figure_date(statement, sources, today)
        if is_stale(when, today, months):
            wrong = f"its figures are of {when}, older than {months} months" if when[:1].isdigit() else (
                f"its figures are of unknown age ({when})"
            )  # fmt: skip
            yield found_in(
                guide, statement, "warning", "stale", wrong, "look for a newer edition, or say its year in words"
            )


def _told_twice(guides: Sequence[Guide]) -> Iterator[Finding]:
    said = [(guide, s) for guide in guides for s in guide.statements if s.kind in ("sentence", "item")]
    pairs = near_duplicates([s.text for _, s in said], [guide.name for guide, _ in said])
    shared: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Finding] = {}
    for pair in pairs:
        (guide, one), (other, two) = said[pair.first], said[pair.second]
        wrong = f"{other.name}, line {two.line}, says much the same: {two.text}"
        finding = found_in(guide, one, "warning", "alike", wrong, "say it in one guide, or say there what is new")
        yield finding
        both = (guide.name, other.name)
        shared[both] += min(len(one.text.split()), len(two.text.split()))
        first.setdefault(both, finding)
    for both, words in shared.items():
        if words >= REPEATED:
            at = first[both]
            yield Finding(
                "error", "repeated", both[0], at.line, at.sentence, f"{words} words of it stand in {both[1]} as well",
                "keep them in one of the two guides",
            )  # fmt: skip


def _copied(shelf: Shelf, folder: Path) -> Iterator[Finding]:
    names = _title_words(shelf)
    given: dict[tuple[str, ...], str] = {}
    for path in given_texts(folder):
        for run in runs(path.read_text(encoding="utf-8", errors="replace")):
            given.setdefault(run, path.name)
    for guide in shelf.guides:
        seen: set[tuple[str, ...]] = set()
        for line, text in _all_text(guide):
            shared = sorted(run for run in runs(text, names) if run in given and run not in seen)
            seen.update(shared)
            if shared:
                wrong = f'eight words in a row stand in {given[shared[0]]}: "{" ".join(shared[0])}"'
                yield Finding("error", "copied", guide.name, line, text, wrong, "say it in our own words")


def given_texts(folder: Path) -> list[Path]:
    """The Markdown and text files of a folder and those below it. Raises UnknownPath where there are none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt") and path.is_file())
    if not paths:
        raise UnknownPath(f"There is no text (*.txt, *.md) in {folder}; name the folder of the texts to compare with.")
    return paths


def _title_words(shelf: Shelf) -> list[tuple[str, ...]]:
    """Titles and publishers of the works, as folded words, longest first."""
    names = {part for work in shelf.sources.values() for name in (work.title, work.publisher) for part in clauses(name)}
    return sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name))


def _all_text(guide: Guide) -> Iterator[tuple[int, str]]:
    """(line, text) of everything that a guide says, front matter included."""
    lines = guide.raw.splitlines()
    asked = (phrase for phrases in guide.front.asked.values() for phrase in phrases)
    for text in (guide.front.title, guide.front.summary, *guide.front.questions, *asked):
        yield next((number for number, line in enumerate(lines, 1) if text in line), 1), text
    for statement in guide.statements:
        yield statement.line, statement.own_words


def by_rule(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings each rule has, most first."""
    counts: defaultdict[str, int] = defaultdict(int)
    for finding in findings:
        counts[f"{finding.rule} ({finding.level})"] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
