"""Other names are read as the library's own, and only where it knows them better."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from bot.names import rename

KNOWN = {
    "machine": 30,
    "learning": 30,
    "engineer": 20,
    "ml": 2,
    "software": 9,
    "developer": 9,
    "united": 5,
    "states": 5,
}


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("MLE pay", "machine learning engineer pay"),
        ("is ML hard", "is machine learning hard"),
        ("coder jobs in the USA", "software developer jobs in the united states"),
        ("html and xml", "html and xml"),
        ("a cv", "a cv"),
        ("I'm an ML engineer", "I'm a machine learning engineer"),
        ("as an MLE or a coder", "as a machine learning engineer or a software developer"),
        ("what devs earn", "what software developers earn"),
        ("MLEs and coders", "machine learning engineers and software developers"),
    ],
)
def test_names_are_replaced_whole_and_only_where_known(asked: str, read: str) -> None:
    assert rename(asked, KNOWN) == read


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("mech eng to ML eng", "mechanical engineering to machine learning engineer"),
        ("what does an AI PM do", "what does an ai product manager do"),
        ("comp sci or data sci", "computer science or data science"),
        ("do I need uni or can I do it without uni", "do I need a degree or can I do it without a degree"),
        ("uni or bootcamp", "degree or bootcamp"),
        ("which uni is good", "which uni is good"),
        ("what if I don't get picked", "what if I get rejected"),
    ],
)
def test_short_forms_that_people_type_are_read(asked: str, read: str) -> None:
    long_forms = "mechanical engineering ai product manager computer data science need without a degree or get rejected"
    assert rename(asked, {**KNOWN, **dict.fromkeys(long_forms.split(), 9)}) == read


def test_a_library_that_says_ml_keeps_ml() -> None:
    assert rename("is ML hard", {**KNOWN, "ml": 50}) == "is ML hard"


def test_no_other_name_stands_inside_the_name_that_it_is_read_as() -> None:
    """Else "quant analyst" grows with every reading; and two names for one other name would be a matter of order."""
    table = tomllib.loads((files("corpus") / "names.toml").read_text(encoding="utf-8"))["names"]
    others = [other for listed in table.values() for other in listed]
    assert len(set(others)) == len(others)
    for name, listed in table.items():
        assert not any(re.search(rf"(?<!\w){re.escape(other)}s?(?!\w)", name) for other in listed), name


@pytest.mark.parametrize("asked", ["ﬁtters and coders", "CODER", "İ am a coder", "ſoftware coder", "coders’ pay"])
def test_names_beside_letters_of_other_scripts_are_found(asked: str) -> None:
    assert "software developer" in rename(asked, KNOWN)


def test_a_name_with_a_page_comes_first_and_a_page_of_its_own_stays() -> None:
    known = {
        "police": 30,
        "officer": 30,
        "officers": 5,
        "detectives": 4,
        "and": 90,
        "coder": 1,
        "software": 9,
        "developer": 9,
    }
    assert rename("what cops earn", known) == "what police officers earn"
    assert rename("what cops earn", known, {("polic", "detect")}.__contains__) == "what police and detectives earn"
    assert rename("what coders earn", known, {("coder",), ("softwar", "develop")}.__contains__) == "what coders earn"


def test_a_name_inside_the_other_and_one_in_y_are_read_too() -> None:
    known = {"cook": 5, "line": 1, "actuary": 9, "actuarial": 1, "analyst": 2, "police": 3, "detectives": 3, "and": 9}
    assert rename("line cooks", known, {("cook",)}.__contains__) == "cooks"
    assert rename("what do actuarial analysts earn", known) == "what do actuary earn"
    assert rename("policemen", known, {("polic", "detect")}.__contains__) == "police and detectives"


def test_where_two_names_have_a_page_the_everyday_one_is_meant() -> None:
    known = {"software": 9, "developer": 9, "computer": 9, "programmer": 3}
    pages = {("softwar", "develop"), ("comput", "programm")}
    assert rename("coder salary", known, pages.__contains__) == "computer programmer salary"
    assert rename("coder salary", known, {("softwar", "develop")}.__contains__) == "software developer salary"
