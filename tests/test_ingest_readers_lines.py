"""Lines broken only for want of room are joined; headings and items of their own are not."""

from __future__ import annotations

import pytest

from ingest.readers.lines import logical_lines


def texts(text: str) -> list[str]:
    return [line.text for line in logical_lines(text)]


@pytest.mark.parametrize(
    "broken",
    [
        "The best-paid tenth of engineers earned more than\n120,000 crowns in the year of the survey.",
        "Pay is highest in the\nCapital, where most employers sit.",
    ],
)
def test_a_line_that_stops_in_mid_sentence_goes_on(broken: str) -> None:
    assert texts(broken) == [broken.replace("\n", " ")]


def test_headings_and_paragraphs_of_one_line_each_stay_apart() -> None:
    text = (
        "First steps\nEverybody begins with one small project that works.\nLater steps\nThe second project is larger."
    )
    assert texts(text) == text.split("\n")


def test_a_text_wrapped_at_a_hundred_and_twenty_columns_is_joined() -> None:
    words = ("Analysts clean tables before they count anything, " * 12).strip().split()
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > 120:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    assert texts("\n".join([*lines, line])) == [" ".join(words)]
