"""What answers can be made of: whole lists with their lead-ins, labels with what stands under them, no advertising."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.advisor import Advisor, open_advisor
from bot.answer import Question
from bot.questions import Facet, Kind, kind_of
from bot.units import Unit, counted, of_others, units_of
from corpus.models import Passage
from ingest.pipeline import run


def units(advisor: Advisor, question: str) -> list[Unit]:
    return units_of(
        advisor.library.current(), Facet(question, kind_of(question)), advisor.retriever.find(Question(question))
    )


def test_units_come_best_first(advisor: Advisor) -> None:
    scores = [unit.score for unit in units(advisor, "Which entry-level jobs lead into data work?")]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 5


def test_a_list_is_one_unit_from_its_lead_in_to_its_last_item(advisor: Advisor) -> None:
    lists = [unit for unit in units(advisor, "Which entry-level jobs lead into data work?") if unit.is_list]
    best = lists[0]
    assert best.texts[0] == "The entry-level jobs that lead into data work in Ruritania are:"
    assert len(best.texts) == 5
    text = advisor.library.document(best.document_id).text
    assert text[best.start : best.end].startswith(best.texts[0])
    assert text[best.start : best.end].endswith(best.texts[-1])


@pytest.mark.parametrize("question", ["How do I prepare for an interview?", "How much does a data engineer earn?"])
def test_every_part_stands_at_its_place_and_no_unit_is_a_bare_lead_in(advisor: Advisor, question: str) -> None:
    for unit in units(advisor, question):
        text = advisor.library.document(unit.document_id).text
        assert [text[part.start : part.end] for part in unit.parts] == list(unit.texts)
        assert unit.start <= unit.parts[0].start
        assert unit.parts[-1].end <= unit.end
        assert len(unit.texts) > 1 or not unit.texts[0].endswith((":", "?"))
        assert not any(part.promotional for part in unit.parts)


def test_a_figure_of_the_kind_asked_for_is_worth_more(advisor: Advisor) -> None:
    best = units(advisor, "How fast is employment of data engineers growing?")[0]
    assert "12 percent" in " ".join(best.texts)


def test_a_count_is_worth_more_where_one_is_asked_for_and_a_share_where_that_is() -> None:
    held, share, pay = (
        "The trade held 4,900 jobs in 2024.",
        "Some 12 percent of them are new.",
        "They earn $900 a week.",
    )
    assert counted(held, share=False) > counted(share, share=False) > counted(pay, share=False)
    assert counted(share, share=True) > counted(held, share=True) > counted(pay, share=True)
    assert counted("There are more than 3 million of them.", share=False) == counted(held, share=False)
    assert counted("The survey was held in 2024.", share=False) == counted("There are few.", share=False) < 0


def test_what_is_headed_by_somebody_else_is_worth_less() -> None:
    def headed(heading: str) -> Passage:
        return Passage("p", "d", "Ways into the trade", (heading,), 0, 9, "They can.", ())

    asked = {"bartend": 0.4, "ai": 0.3}
    assert of_others(headed("Can a frontend developer move into AI?"), asked) > 0
    assert of_others(headed("Can a bartender move into AI?"), asked) == 0
    assert of_others(headed("Can anybody move into AI?"), asked) == 0


def test_whoever_is_named_in_how_people_ask_is_no_somebody_else() -> None:
    heading = ("How can a teacher move into data?",)
    asked = ("I tend bars, what could I do?", "bartender who wants a desk job")
    told = Passage("p", "d", "", heading, 0, 9, "They can.", (), asked=asked)
    assert of_others(told, {"bartend": 1.0}) == 0
    assert of_others(told, {"florist": 1.0}) > 0


def test_what_speaks_to_somebody_else_loses_more_than_what_only_names_them() -> None:
    def loss(heading: str) -> float:
        return of_others(Passage("p", "d", "Ways into the trade", (heading,), 0, 9, "They can.", ()), {"data": 0.3})

    assert loss("How can a teacher move into data?") > loss("What does a teacher do with data?") > 0
    assert (
        of_others(
            Passage("p", "d", "", ("How can a teacher move into data?",), 0, 9, "They can.", ()), {"teacher": 1.0}
        )
        == 0
    )


def test_what_speaks_to_graduates_of_one_field_is_worth_less_to_whoever_names_none() -> None:
    headed = Passage("p", "d", "", ("Can I get work with a degree in physics?",), 0, 9, "They can.", ())
    assert of_others(headed, {"tattoo": 1.0}) > 0
    assert of_others(headed, {"physic": 1.0}) == 0
    assert of_others(headed, {"philosophi": 1.0}) == 0


def test_a_figure_is_that_of_the_librarys_country_where_none_is_named(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "ferry.md").write_text(
        "---\ntitle: Ferry work\nregion: Canada\n---\n\n## What do ferry pilots earn in Norway?\n\n"
        "Ferry pilots in Norway earn $900 a week.\n\n## Pay on the ferries\n\n"
        "Ferry pilots in Canada are paid $700 a week by most of the lines.\n",
        encoding="utf-8",
    )
    run([str(tmp_path / "guides")], tmp_path / "library", advisor.settings)
    ferries = open_advisor(tmp_path / "library", advisor.settings)
    assert "$700" in ferries.invoke("What do ferry pilots earn?").claims[0].text
    assert "$900" in ferries.invoke("What do ferry pilots earn in Norway?").claims[0].text


def test_where_to_read_on_is_no_answer(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "ferry.md").write_text(
        "# Ferry work\n\n## What do ferry pilots earn?\n\nFerry pilots earn 900 crowns a week. What ferry pilots earn "
        "elsewhere stands in the guide on harbours. The guide on harbours tells what ferry pilots earn at night.\n",
        encoding="utf-8",
    )
    run([str(tmp_path / "guides")], tmp_path / "library", advisor.settings)
    ferries = open_advisor(tmp_path / "library", advisor.settings)
    said = [claim.text for claim in ferries.invoke("What do ferry pilots earn?").claims]
    assert said == ["Ferry pilots earn 900 crowns a week."]


def test_what_a_text_says_of_itself_is_no_answer(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "ferry.md").write_text(
        "# Ferry work\n\nIn this article we will look at what ferry pilots earn. First, let's talk about what ferry "
        "pilots earn. Ferry pilots earn 900 crowns a week. Find out more about what ferry pilots earn. Thanks to Jo "
        "for feedback on what ferry pilots earn.\n",
        encoding="utf-8",
    )
    run([str(tmp_path / "guides")], tmp_path / "library", advisor.settings)
    ferries = open_advisor(tmp_path / "library", advisor.settings)
    said = [claim.text for claim in ferries.invoke("What do ferry pilots earn?").claims]
    assert said == ["Ferry pilots earn 900 crowns a week."]


def test_what_stands_under_a_label_is_given_with_it(advisor: Advisor) -> None:
    found = [unit for unit in units(advisor, "What does the trial shift involve?") if unit.texts[0] == "Trial shift"]
    assert found
    assert found[0].texts[1].startswith("You work half a day")


@pytest.mark.parametrize("kind", ["money", "growth", "duration", "count", "definition", "list", "comparison", "how"])
def test_no_hits_no_units(advisor: Advisor, kind: Kind) -> None:
    found = advisor.retriever.find(Question("pay"), k=0)
    assert units_of(advisor.library.current(), Facet("pay", kind), found) == []
