"""Claims that several guides make become one with all its marks; figures that exclude each other stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import phrases
from bot.advisor import Advisor, open_advisor
from bot.agreement import works
from bot.answer import Answer, Citation
from corpus.models import Reference
from corpus.settings import Settings
from ingest.pipeline import run
from tests.contract import violations

GUIDES = {
    "surveyors.md": """# Land surveyors in Ruritania

## How fast is the work of land surveyors growing?

Employment of land surveyors is projected to grow 12 percent from 2024 to 2034.[^a]

## How does a land surveyor begin?

Most land surveyors in Ruritania begin as chainmen in a survey party and learn the trade outdoors.

[^a]: Projections, Ruritanian Labour Bureau, 2024.
""",
    "outlook.md": """# Trades of the next ten years

## Which trades grow?

Employment of land surveyors was expected to grow 4 percent from 2019 to 2029, a slow decade.
Employment of lighthouse keepers is projected to fall 30 percent from 2024 to 2034.

## How do people begin?

In Ruritania most land surveyors begin as chainmen in a survey party, and learn the trade outdoors.
""",
    "keepers.md": """# Lighthouse keepers

## How does a lighthouse keeper begin?

Most lighthouse keepers in Ruritania begin as boatmen of the coast guard and learn the trade at sea.

## How fast is the work growing?

Employment of lighthouse keepers is projected to fall 30 percent from 2024 to 2034.
""",
}


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Advisor]:
    folder = tmp_path_factory.mktemp("agreement")
    for name, text in GUIDES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert not run([str(folder)], folder / "library", settings).quarantined
    advisor = open_advisor(folder / "library", settings)
    yield advisor
    advisor.library.close()


def sound(advisor: Advisor, question: str) -> Answer:
    answer = advisor.invoke(question)
    broken = violations(answer.to_dict(), lambda id_: {"text": advisor.library.document(id_).text})
    assert broken == []
    return answer


def test_one_claim_of_two_guides_is_said_once_with_both_marks(guides: Advisor) -> None:
    answer = sound(guides, "How do land surveyors begin?")
    claim = next(claim for claim in answer.claims if "chainmen" in claim.text)
    cited = {each.source for each in answer.citations if each.number in claim.citations}
    assert cited == {"surveyors.md", "outlook.md"}
    assert claim.works == 2
    assert answer.answer.count("chainmen") == 1


def test_another_thing_told_in_like_words_is_no_second_voice(guides: Advisor) -> None:
    answer = sound(guides, "How does a lighthouse keeper begin?")
    claim = next(claim for claim in answer.claims if "boatmen" in claim.text)
    assert [each.source for each in answer.citations if each.number in claim.citations] == ["keepers.md"]


def test_figures_that_exclude_each_other_stand_side_by_side_with_what_sets_them_apart(guides: Advisor) -> None:
    answer = sound(guides, "How fast is employment of land surveyors growing?")
    assert answer.answer.startswith(phrases.DISAGREE_PERIOD)
    first, second = (claim.text for claim in answer.claims[:2])
    assert {"12 percent", "4 percent"} == {figure for figure in ("12 percent", "4 percent") if figure in first + second}
    assert all("lighthouse" not in claim.text for claim in answer.claims)


def test_the_same_figure_in_two_guides_is_no_disagreement(guides: Advisor) -> None:
    answer = sound(guides, "How fast is employment of lighthouse keepers growing?")
    assert "30 percent" in answer.claims[0].text
    assert "disagree" not in answer.answer
    assert len(answer.claims[0].citations) == 2


def citation(number: int, *references: Reference) -> Citation:
    return Citation(number, f"guide-{number}", "Guide", None, "g.md", "", "q", 0, 1, references=references)


def test_guides_that_quote_one_work_count_as_one() -> None:
    bureau, survey = Reference("Handbook", "Bureau", date="2025"), Reference("Survey", "Paper", date="2024")
    assert works([citation(1, bureau), citation(2, bureau)]) == 1
    assert works([citation(1, bureau), citation(2, survey)]) == 2
    assert works([citation(1), citation(2)]) == 2
    assert works([citation(1, bureau, survey)]) == 1


def test_a_figure_broken_down_and_one_from_abroad_are_no_other_opinion(tmp_path: Path, settings: Settings) -> None:
    guides = {
        "wardens.md": "---\nregion: US\n---\n# Heron wardens\n\n## What do heron wardens earn in the United States?\n\n"
        "Heron wardens in the United States earned a median of $52,000 in 2024.\n",
        "branches.md": "---\nregion: US\n---\n# Work outdoors\n\n## What do the branches of outdoor work pay?\n\n"
        "Parks paid heron wardens a median of $49,000 in the United States in 2024, against $58,000 in harbours.\n",
        "abroad.md": "---\nregion: US\n---\n# Work outdoors in other countries\n\n## Pay in the United Kingdom\n\n"
        "Heron wardens in the United Kingdom earned a median of £31,000 in 2024.\n",
    }
    for name, text in guides.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert not run([str(tmp_path)], tmp_path / "library", settings).quarantined
    answer = sound(open_advisor(tmp_path / "library", settings), "How much do heron wardens earn?")
    assert answer.claims[0].text.endswith("$52,000 in 2024.")
    assert "disagree" not in answer.answer
