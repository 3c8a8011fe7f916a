"""Suggestions are headings of the guides found that were not answered already."""

from __future__ import annotations

from pathlib import Path

from bot.advisor import Advisor, open_advisor
from corpus.settings import Settings
from ingest.pipeline import run


def test_suggestions_come_from_the_guides_and_are_new(advisor: Advisor) -> None:
    headings = {
        heading
        for row in range(advisor.library.current().count)
        for heading in advisor.library.current().passage(row).section
    }
    for question in ("Do I need a degree?", "How much does a data engineer earn?", "How do I roast a duck?"):
        answer = advisor.invoke(question)
        assert 1 <= len(answer.suggestions) <= 3
        assert set(answer.suggestions) <= headings
        assert not {c.section.split(" > ")[-1] for c in answer.citations} & set(answer.suggestions)


def test_each_suggestion_is_answered(advisor: Advisor) -> None:
    answer = advisor.invoke("How do I roast a duck?")
    assert answer.suggestions
    assert all(advisor.invoke(text).status in ("answered", "partial") for text in answer.suggestions)


def test_a_heading_that_several_guides_have_is_offered_with_its_guide(tmp_path: Path, settings: Settings) -> None:
    for trade in ("Beekeepers", "Cartographers", "Falconers"):
        (tmp_path / f"{trade}.md").write_text(
            f"# {trade}\n\n## Typical working day\n\n{trade} begin their working day outdoors at six.\n\n"
            f"## Usual tools\n\n{trade} carry usual tools that they make themselves.\n\n"
            f"## Conclusion\n\n{trade} like their usual working day.\n"
        )
    run([str(tmp_path)], tmp_path / "library", settings)
    advisor = open_advisor(tmp_path / "library", settings)
    offered = advisor.invoke("What tools do falconers carry?").suggestions
    assert offered
    assert all(": " in offer and not offer.endswith("Conclusion") for offer in offered)
    assert "Falconers: Typical working day" in offered
    assert all(advisor.invoke(offer).status == "answered" for offer in offered)
    advisor.library.close()
