"""Dates as people write them."""

import pytest

from ingest.readers.dates import find_date, iso_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03T10:00:00Z", "2024-05-03"),
        ("Thursday, 3 May 2024", "2024-05-03"),
        ("May 3rd, 2024", "2024-05-03"),
        ("Sept. 9, 2021", "2021-09-09"),
        ("25/04/2025", "2025-04-25"),
        ("04/25/2025", "2025-04-25"),
        ("03/04/2025", "2025"),
        ("May 2024", "2024-05"),
        ("in the year 2024", "2024"),
        ("30 February 2024", "2024-02"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize("text", ["", "no date", "$2,024", "12024 nets", "grew 2024%", "1850", "2024-34", "2024-13-01"])
def test_figures_are_no_dates(text: str) -> None:
    assert iso_date(text) is None


def test_a_full_date_wins_over_a_year_before_it() -> None:
    assert find_date("Survey 2019, published 3 May 2024") == ("2024-05-03", 23, 33)
