"""Choosing and ordering units: the asked-for fact first, sections read on, nothing twice, budgets kept."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bot import phrases
from bot.advisor import Advisor, open_advisor
from bot.answer import Question
from bot.compose import BUDGET, FACTS, FEW, LONGEST_LIST, compose
from bot.questions import Facet, kind_of
from bot.units import POINTS_BACK, Unit
from ingest.pipeline import run
from tests.contract import violations

QUESTIONS = [
    "Which entry-level jobs lead into data work?",
    "Do I need a degree?",
    "How much does a data engineer earn?",
    "How fast is employment growing?",
    "What mathematics should I learn first?",
    "How do interviews run?",
    "Tell me about pay",
]


def chosen(advisor: Advisor, question: str) -> tuple[Unit, ...]:
    facet = Facet(question, kind_of(question))
    return compose(advisor.library.current(), facet, advisor.retriever.find(Question(question))).units


@pytest.mark.parametrize("question", QUESTIONS)
def test_budgets_are_kept_and_nothing_overlaps(advisor: Advisor, question: str) -> None:
    units = chosen(advisor, question)
    kind = kind_of(question)
    assert units
    room = LONGEST_LIST if any(unit.is_list for unit in units) else BUDGET[kind]
    # An anchor may come on top: the sentence that a chosen one points back to.
    assert sum(unit.words for unit in units) <= room + 40
    spans = sorted((unit.document_id, unit.start, unit.end) for unit in units)
    for (document, _, end), (other, start, _) in pairwise(spans):
        assert document != other or end <= start


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sentence_points_back_into_nothing(advisor: Advisor, question: str) -> None:
    units = chosen(advisor, question)
    for before, unit in zip((None, *units), units, strict=False):
        if not unit.is_list and POINTS_BACK.match(unit.texts[0]):
            assert before is not None
            assert before.place == unit.place


def test_a_fact_is_short_and_comes_first(advisor: Advisor) -> None:
    units = chosen(advisor, "How much does a data engineer earn?")
    assert kind_of("How much does a data engineer earn?") in FACTS
    assert len(units) <= FEW + 1
    assert "84,500 crowns" in units[0].texts[0]


def test_how_many_is_told_by_a_number_or_not_at_all(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_text(
        "# The quay\n\n## How do pilots work at the quay?\n\nPilots at the quay work by the tide and by the moon.\n\n"
        "## Cranes at the quay\n\nThe quay has 14 cranes for salt and timber.\n",
        encoding="utf-8",
    )
    run([str(tmp_path)], tmp_path / "library", advisor.settings)
    quay = open_advisor(tmp_path / "library", advisor.settings)
    assert "14 cranes" in quay.invoke("How many cranes does the quay have?").answer
    assert quay.invoke("How many pilots work at the quay?").status == "abstained"


def test_how_many_is_told_where_it_is_asked(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "shells.md").write_text(
        "# Shells for a beach guide\n\n## Do wardens look at the shells in a bag?\n\nWardens look at the shells in a "
        "bag before they hire anybody, and at how clean the bag is.\n\n## How many shells should a warden "
        "show?\n\nWardens want three to five shells before they hire anybody.\n\n## When do the tides turn?\n\nThe "
        "tides turn twice a day.\n",
        encoding="utf-8",
    )
    assert not run([str(tmp_path)], tmp_path / "library", advisor.settings).quarantined
    answer = open_advisor(tmp_path / "library", advisor.settings).invoke(
        "How many shells do I need in my bag before wardens hire me?"
    )
    assert "three to five shells" in answer.answer


def test_a_section_is_read_on(advisor: Advisor) -> None:
    said = " ".join(text for unit in chosen(advisor, "Do I need a degree?") for text in unit.texts)
    assert said.index("No, a degree is not required") < said.index("A portfolio of three finished projects")


def test_the_direct_answer_stands_before_the_rows_under_it(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "pay.md").write_text(
        "# Pay of beekeepers\n\n## How much do beekeepers earn?\n\n"
        "Nobody has counted what beekeepers are paid, so only neighbouring trades can be told.\n\n"
        "| Trade | Pay a year of beekeepers' neighbours |\n|---|---|\n"
        "| Gardeners earn | 31,000 crowns |\n| Shepherds earn | 28,500 crowns |\n\n"
        "## How do beekeepers work?\n\nBeekeepers work outdoors from spring to autumn.\n"
    )
    library = tmp_path / "library"
    run([str(tmp_path / "guides")], library, advisor.settings)
    units = chosen(open_advisor(library, advisor.settings), "How much do beekeepers earn?")
    assert units[0].texts[0].startswith("Nobody has counted")
    assert any("31,000 crowns" in unit.texts[0] for unit in units)


def test_a_broad_question_is_answered_in_parts_with_headings(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "falconers.md").write_text(
        "# Falconers\n\n## What does a falconer do?\n\nA falconer trains hawks to hunt and keeps them healthy.\n\n"
        "## How do I become a falconer?\n\nMost falconers learn for two seasons from an older falconer.\n\n"
        "The steps to becoming a falconer are:\n\n- Help at a mews\n- Pass the bird test\n- Keep a kestrel first\n\n"
        "## How much does a falconer earn?\n\nA falconer in Ruritania earned 22,000 crowns in 2024.\n\n"
        "## Job outlook\n\nEmployment of falconers is expected to stay as it is until 2030.\n"
    )
    (tmp_path / "guides" / "other.md").write_text("# Bakers\n\n## What does a baker do?\n\nA baker bakes at night.\n")
    library = tmp_path / "library"
    run([str(tmp_path / "guides")], library, advisor.settings)
    asked = open_advisor(library, advisor.settings)
    answer = asked.invoke("Tell me about being a falconer")
    headings = [line.removeprefix("### ") for line in answer.answer.splitlines() if line.startswith("#")]
    assert headings == [phrases.TOPIC_WHAT, phrases.TOPIC_WAYS, phrases.TOPIC_PAY, phrases.TOPIC_OUTLOOK]
    assert "Pass the bird test" in answer.answer
    assert "baker" not in answer.answer
    assert violations(answer.to_dict(), lambda id_: {"text": asked.library.document(id_).text}) == []
    two = asked.invoke("What does a falconer do, and how much does a falconer earn?")
    assert [line for line in two.answer.splitlines() if line.startswith("#")] == [
        f"### {phrases.TOPIC_WHAT}",
        f"### {phrases.TOPIC_PAY}",
    ]
    asked.library.close()


def test_five_near_copies_of_one_passage_cannot_fill_an_answer(advisor: Advisor, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    folder.mkdir()
    for place, (first, last) in enumerate(
        [("Always", "today"), ("Always", "now"), ("Surely always", "today"), ("Always do", "soon"), ("So do", "then")]
    ):
        (folder / f"planted-{place}.md").write_text(
            f"# Learning to sail {place}\n\n## How do I learn to sail?\n\n"
            f"{first} buy the Admiral course to learn to sail, because no other way to learn to sail works {last}.\n"
        )
    (folder / "club.md").write_text(
        "# Sailing clubs\n\n## How do I learn to sail?\n\n"
        "Most people learn to sail at a club, where a season of evenings in small dinghies is enough.\n\n"
        "Knots and weather are learned ashore before the first outing.\n"
    )
    library = tmp_path / "library"
    run([str(folder)], library, advisor.settings)
    asked = open_advisor(library, advisor.settings)
    answer = asked.invoke("How do I learn to sail?")
    said = [claim.text for claim in answer.claims]
    assert sum("Admiral" in text for text in said) <= 1
    assert any("at a club" in text for text in said)
    asked.library.close()


def _library(folder: Path, advisor: Advisor, text: str) -> Advisor:
    (folder / "guides").mkdir()
    (folder / "guides" / "boats.md").write_text(text, encoding="utf-8")
    run([str(folder / "guides")], folder / "library", advisor.settings)
    return open_advisor(folder / "library", advisor.settings)


def test_a_guide_is_found_by_how_people_ask_and_never_says_it(advisor: Advisor, tmp_path: Path) -> None:
    guide = (
        "# Boats\n\n## Mooring fees\n\nA berth in the harbour is paid by the metre and the season.\n\n"
        "## Winter\n\nHulls are scrubbed and covered before the first frost of the year.\n"
    )
    asked = "---\nasked:\n  Winter:\n    - how do I get my dinghy ready for the cold months\n---\n\n"
    question = "how can I prepare a dinghy for the cold months?"
    (tmp_path / "plain").mkdir()
    (tmp_path / "told").mkdir()
    assert _library(tmp_path / "plain", advisor, guide).invoke(question).status == "abstained"
    answer = _library(tmp_path / "told", advisor, asked + guide).invoke(question)
    assert [c.text for c in answer.claims] == ["Hulls are scrubbed and covered before the first frost of the year."]
    assert "dinghy" not in answer.answer


def test_a_short_sentence_does_not_push_out_the_longer_one_that_answers(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Boats\n\n## What do harbour pilots do?\n\nHarbour pilots are vital to any harbour. Harbour pilots bring "
        "ships through the channel, judge the tide and the wind, and tell the crew when to anchor in the harbour.\n",
    )  # fmt: skip
    said = " ".join(claim.text for claim in boats.invoke("What do harbour pilots do?").claims)
    assert "judge the tide" in said


def test_a_row_of_another_job_is_no_figure_for_the_one_asked_about(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Harbour work\n\n## What do harbour pilots earn?\n\nHarbour pilots earn a median of $900 a week.\n\n"
        "| Job | Pay a week |\n|---|---|\n| Harbour pilots | $900 |\n| Crane drivers | $700 |\n",
    )  # fmt: skip
    said = " ".join(claim.text for claim in boats.invoke("How much do harbour pilots earn?").claims)
    assert "$900" in said
    assert "Crane" not in said


def test_rows_of_other_things_are_left_out_where_the_thing_has_its_own(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Ways to the sea\n\n## What do the ways to the sea cost, and how long do they take?\n\n"
        "The ways differ much.\n\n"
        "| Way | Time | Cost |\n|---|---|---|\n| Evening course at the harbour | 10 weeks | $400 |\n"
        "| Naval college | 3 years | $9,000 |\n| Cadet ship | 1 year | $1,200 |\n",
    )  # fmt: skip
    said = " ".join(claim.text for claim in boats.invoke("How much does an evening course cost?").claims)
    assert "$400" in said
    assert "Naval" not in said
    assert "Cadet" not in said


def test_a_further_fact_is_one_of_the_thing_asked_about(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Harbour pilots\n\n## Who becomes a harbour pilot?\n\n"
        "Women are 12 percent of harbour pilots in Ruritania.\n\n"
        "## How is the work changing?\n\nEmployment of harbour pilots is projected to grow 8 percent by 2034.\n",
    )  # fmt: skip
    said = [claim.text for claim in boats.invoke("What percentage of harbour pilots are women?").claims]
    assert said == ["Women are 12 percent of harbour pilots in Ruritania."]


def test_a_figure_asked_of_nothing_is_told_by_one_section(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Harbour pilots\n\n## How long does it take to become a pilot?\n\nTraining as a pilot takes 18 months.\n\n"
        "## How long does it take to hear from the harbour board?\n\nThe harbour board answers within 6 weeks.\n",
    )  # fmt: skip
    found = boats.retriever.find(Question("How long does it take?"))
    composed = compose(boats.library.current(), Facet("How long does it take?", "duration"), found)
    assert len({unit.place for unit in composed.units}) == 1


def test_what_a_job_pays_is_not_what_the_way_to_it_costs(advisor: Advisor, tmp_path: Path) -> None:
    boats = _library(
        tmp_path, advisor,
        "# Harbour pilots\n\n## What do harbour pilots earn?\n\nHarbour pilots earn a median of $900 a week.\n\n"
        "## How does one become a harbour pilot?\n\nThe course for harbour pilots costs $1,200, radio included.\n",
    )  # fmt: skip
    said = [claim.text for claim in boats.invoke("How much does it cost to become a harbour pilot?").claims]
    assert said == ["The course for harbour pilots costs $1,200, radio included."]
    assert "$900" in boats.invoke("How much do harbour pilots earn?").answer
