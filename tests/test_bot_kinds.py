"""Whether words tell a sum or a time."""

import pytest

from bot.kinds import asking, counts, tells


@pytest.mark.parametrize(
    "text",
    [
        "between $17 and $32 per hour",
        "£25k",
        "84,500 crowns",
        "CHF 90,000",
        "1.2 million yen",
        "₹2,40,000",
        "900 a week",
    ],
)
def test_sums_are_told(text: str) -> None:
    assert tells("money", f"They earn {text}.")


@pytest.mark.parametrize(
    "text", ["The pay varies.", "It grew by 12 percent.", "It takes 300 hours.", "In 2024 they earned well."]
)
def test_what_is_no_sum_is_none(text: str) -> None:
    assert not tells("money", text)


def test_times_are_told_and_other_kinds_need_no_figure() -> None:
    assert tells("duration", "It takes four years.")
    assert not tells("duration", "It takes patience.")
    assert tells("how", "Begin.")
    assert "earn" in asking("money")
    assert not asking("how")


def test_a_count_is_any_number_but_a_year() -> None:
    assert counts("There are three rounds.")
    assert counts("It employed 4,900 people.")
    assert not counts("It was founded in 2015.")
    assert not counts("It hires by the tide.")
