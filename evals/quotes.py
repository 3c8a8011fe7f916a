"""Question sets against the library that they are put to: every gold quote must stand in its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.questions import QuestionSet, bad_line
from evals import nuggets
from evals.systems import System


def check_quotes(sets: Sequence[QuestionSet], system: System) -> tuple[str, ...]:
    """Sentences on the documents that sets name and the library lacks: such a run is allowed, but cannot score there.

    Words are compared as nuggets are: case, white space and punctuation aside. Raises BadQuestionSet, naming file and
    line, for a quote that does not stand in its document. A server does not list its documents; nothing is checked.
    """
    sources = system.sources()
    if sources is None:
        return ()
    texts: dict[str, list[tuple[str, ...]]] = {}
    told = []
    for each in sets:
        absent = _absent(each, sources)
        if absent:
            names = ", ".join(absent[:3]) + (f" and {len(absent) - 3} more" if len(absent) > 3 else "")
            told.append(f"{each.name} names documents that are not in the library: {names}.")
        for place, case in enumerate(each.cases):
            for relevant in case.relevant:
                if relevant.quote is None or relevant.document not in sources:
                    continue
                if relevant.document not in texts:
                    texts[relevant.document] = [nuggets.tokens(system.text(i)) for i in sources[relevant.document]]
                if not any(nuggets.holds(text, relevant.quote) for text in texts[relevant.document]):
                    line = each.lines[place] if each.lines else place + 1
                    what = f"the quote {_short(relevant.quote)!r} does not stand in {relevant.document}"
                    raise bad_line(each.name, line, what)
    return tuple(told)


def _absent(each: QuestionSet, sources: Mapping[str, Sequence[str]]) -> list[str]:
    named = dict.fromkeys(relevant.document for case in each.cases for relevant in case.relevant)
    return [name for name in named if name not in sources]


def _short(quote: str) -> str:
    return quote if len(quote) <= 80 else quote[:79] + "…"
