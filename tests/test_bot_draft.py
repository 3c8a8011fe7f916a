"""Numbering, checking and framing: forged or changed claims do not pass, numbers follow the reading order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import phrases
from bot.advisor import Advisor, open_advisor
from bot.answer import Citation, Claim, HandOn
from bot.draft import Draft, check, cite, renumber
from bot.render import Line
from ingest.pipeline import run


@pytest.fixture
def citation(advisor: Advisor) -> Citation:
    index = advisor.library.current()
    info = next(info for info in index.documents() if info.source == "pay.md")
    text = index.document(info.id).text
    start = text.index("A data engineer in Ruritania earned")
    return cite(index, info.id, ("Pay",), start, text.index(".", start) + 1, 1)


def draft(citation: Citation, *texts: str) -> Draft:
    lines = tuple(Line(Claim(text, (1,), "supported")) for text in texts)
    return Draft(lines, (citation,), (), "answered", None)


def test_a_citation_carries_place_source_and_reference(citation: Citation) -> None:
    assert citation.quote == "A data engineer in Ruritania earned a median of 84,500 crowns in 2024."
    assert [reference.title for reference in citation.references] == ["Wage Survey"]
    assert citation.references[0].url == "https://stats.example/wages"


def test_verbatim_claims_pass(advisor: Advisor, citation: Citation) -> None:
    checked = check(advisor.library.current(), draft(citation, citation.quote))
    assert checked.status == "answered"
    assert checked.text == f"{citation.quote} [1]"


def test_a_changed_claim_is_taken_out_but_told(advisor: Advisor, citation: Citation) -> None:
    forged = citation.quote.replace("84,500", "94,500")
    checked = check(advisor.library.current(), draft(citation, citation.quote, forged))
    assert forged not in checked.text
    assert [claim.verdict for claim in checked.claims] == ["supported", "unsupported"]
    assert checked.claims[1].citations == ()
    assert "94,500" in checked.claims[1].reasons[0]


def test_a_quote_that_does_not_stand_in_its_document_carries_nothing(advisor: Advisor, citation: Citation) -> None:
    forged = replace(citation, quote="A data engineer in Ruritania earned a median of 99,000 crowns in 2024.")
    checked = check(advisor.library.current(), draft(forged, forged.quote))
    assert checked.status == "abstained"
    assert checked.citations == ()
    assert checked.text.startswith(phrases.ABSTAINED)


def test_a_sum_that_no_unit_tells_is_missing(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "visa.md").write_text(
        "# Work in Ruritania\n\n## The minimum salary for a quay permit\n\nA quay permit is cut to sixty days when the "
        "salary falls.\n\n## The fee for a quay permit\n\nA quay permit is free of any fee.\n",
        encoding="utf-8",
    )
    run([str(tmp_path)], tmp_path / "library", advisor.settings)
    quay = open_advisor(tmp_path / "library", advisor.settings)
    answer = quay.invoke("What is the minimum salary for a quay permit?")
    assert answer.status in ("partial", "abstained")
    assert answer.missing == ("What is the minimum salary for a quay permit",)
    assert quay.invoke("How much is the fee for a quay permit?").status == "answered"


def test_numbers_follow_the_reading_order(citation: Citation) -> None:
    lines = [Line(Claim("b", (7,), "supported")), Line(Claim("a", (3, 7), "supported"))]
    numbered, citations = renumber(lines, [replace(citation, number=n) for n in (3, 5, 7)])
    assert [line.claim.citations for line in numbered] == [(1,), (2, 1)]
    assert [each.number for each in citations] == [1, 2]


def test_handing_on_is_said_only_where_it_stays_a_frame(advisor: Advisor, citation: Citation) -> None:
    short = replace(draft(citation, citation.quote), hand_on=HandOn("tax", "an adviser"))
    assert phrases.HAND_ON not in check(advisor.library.current(), short).text
