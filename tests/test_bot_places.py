"""Places in texts, and whom a source's region fits."""

from __future__ import annotations

import pytest

from bot.places import (
    ANYWHERE,
    ELSEWHERE,
    OWN,
    UNION,
    amiss,
    country_of,
    counts_in_dollars,
    fit,
    home,
    located,
    places,
    without,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I'm in Toronto", ["Toronto, Canada"]),
        ("pay in são paulo or New York City", ["Sao Paulo, Brazil", "New York City, United States"]),
        ("a British nurse", ["United Kingdom"]),
        ("jobs in the us", ["United States"]),
        ("US pay and U.S. law", ["United States", "United States"]),
        ("tell us about it", []),
        ("an indiana-like islander", []),
        ("Finnish indigo", []),
        ("Georgia", ["Georgia"]),
    ],
)
def test_places_are_found_whole(text: str, shown: list[str]) -> None:
    assert [place.shown for place in places(text)] == shown


def test_offsets_point_into_the_text() -> None:
    text = "From MÜNCHEN to Málaga: is Zürich near?"
    assert [text[place.start : place.end] for place in places(text)] == ["Zürich"]


def test_a_region_of_several_countries_is_none() -> None:
    assert country_of("Canada, United Kingdom") is None
    assert country_of("somewhere warm") is None
    assert country_of(None) is None


def test_the_narrowest_words_decide_whom_they_fit() -> None:
    canada, germany = country_of("Toronto"), country_of("Berlin")
    assert canada is not None
    assert germany is not None
    assert fit(canada, "Canada, United Kingdom") == OWN
    assert fit(canada, "Canada, United Kingdom", "Engineers in Leeds", "Pay") == ELSEWHERE
    assert fit(canada, "General", "Engineers earn more", "Pay") == ANYWHERE
    assert fit(germany, "European Union") == UNION
    assert fit(canada, "European Union") == ELSEWHERE
    assert fit(germany, None) == ANYWHERE


def test_a_town_is_met_only_by_words_that_name_it() -> None:
    asked = places("Pay in Toronto and in Canada")
    assert [place.name for place in amiss(asked, "Canada", "Engineers earn well")] == ["Toronto"]
    assert amiss(asked, "United States", "Pay in Toronto") == ()
    assert [place.name for place in amiss(places("in Japan"), "United States", "Pay")] == ["Japan"]


def test_a_place_is_put_to_the_end_of_a_question_and_cut_out_again() -> None:
    asked = located("How much do they earn?", "United States")
    assert asked == "How much do they earn in the United States?"
    assert without(asked) == "How much do they earn?"
    assert without("What do bakers in Toronto make?") == "What do bakers make?"
    assert without("Do I need a degree?") == "Do I need a degree?"


def test_a_library_is_at_home_where_most_of_its_documents_are() -> None:
    at = home(["United States", "General", None, "United States and United Kingdom", "Canada"])
    assert at is not None
    assert at.name == "United States"
    assert home(["Canada", "Germany"]) is None
    assert home(["General", None]) is None


def test_which_countries_count_in_dollars() -> None:
    told = {place.name: place.country for place in places("in Canada, in Japan and in Toronto")}
    assert {name: counts_in_dollars(country) for name, country in told.items() if country} == {
        "Canada": True, "Japan": False, "Toronto": True,
    }  # fmt: skip


def test_in_a_guide_on_several_countries_a_section_speaks_of_its_own() -> None:
    title = "Data jobs in Canada and the United Kingdom"
    asked = places("What is the outlook in the United Kingdom?")
    said = ("The outlook in Canada is balanced.", "Canada", title)
    assert [place.name for place in amiss(asked, "Canada, United Kingdom", *said)] == ["United Kingdom"]
    assert amiss(asked, "Canada, United Kingdom", "The outlook is balanced.", title) == ()
