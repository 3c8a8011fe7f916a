"""Front matter in every state that it is met in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from ingest.readers.front_matter import read_front_matter, split_front_matter
from ingest.readers.parts import Meta


def test_all_fields() -> None:
    meta = read_front_matter(
        'title: "Nets"\nauthors: [Ola Berg, Ida Sund]\npublisher: {name: Harbour Press}\npublish_date: 2024-05-03\n'
        "region: Norway\nlang: en\ncanonical: https://nets.example/a\ndescription: On nets\n"
        "aliases:\n  - netting\n  - mesh, webbing\nquestions:\n  - What is a net?\n  - 'Why: nets?'\n"
    )
    assert meta == Meta(
        "Nets", "Ola Berg, Ida Sund", "Harbour Press", "2024-05-03", "Norway", "en", "https://nets.example/a",
        "On nets", ("netting", "mesh", "webbing"), ("What is a net?", "Why: nets?"),
    )  # fmt: skip


def test_how_people_ask_is_told_by_heading() -> None:
    meta = read_front_matter(
        "asked:\n  What is it, really?:\n    - nets meaning\n    - 'nets: what for'\n    - nets meaning\n"
        "  Pay: what netters earn\n  Empty:\n"
    )
    assert meta.asked == (
        ("What is it, really?", ("nets meaning", "nets: what for")),
        ("Pay", ("what netters earn",)),
    )


@pytest.mark.parametrize("inside", ["asked: how", "asked: [a, b]", "asked:\n  - x: y", "asked: {a: {b: c}}"])
def test_what_tells_no_headings_is_passed_over(inside: str) -> None:
    assert all(heading and phrases for heading, phrases in read_front_matter(inside).asked)


def test_behind_spaces_it_is_front_matter_all_the_same() -> None:
    block = "---\ntitle: Nets\nasked:\n  Pay:\n    - what netters earn\n---\n"
    indented = "".join(f"    {line}\n" for line in block.splitlines())
    whole = indented + "    # Nets\n\n    They hold.\n      - for years\n"
    inside, body = split_front_matter("\n" + whole)
    assert read_front_matter(inside or "").asked == (("Pay", ("what netters earn",)),)
    assert body == "# Nets\n\nThey hold.\n  - for years\n"
    assert (
        split_front_matter(indented + "They hold.\n\n    a line of code\n")[1] == "They hold.\n\n    a line of code\n"
    )
    rule = "  ---\n  They hold.\n  ---\n"
    assert split_front_matter(rule) == (None, rule)


@pytest.mark.parametrize(
    "inside",
    [
        "title: 'It's the fisher's \"net\": a guide'\nauthor: 'Ola Berg'",
        "title: It's the fisher's \"net\": a guide\nauthor: Ola Berg",
        "title: 'It''s the fisher''s \"net\": a guide'\nbroken: 'a: b's: c'\nauthor: \"Ola Berg\"",
        "\ttitle: It's the fisher's \"net\": a guide\n\tauthor: Ola Berg",
        "title: It's the fisher's \"net\": a guide\nlist: [unclosed\nauthor: Ola Berg",
        "&anchor title: x\ntitle: It's the fisher's \"net\": a guide\nauthor: Ola Berg",
        "title: It's the fisher's \"net\": a guide\ntitle: Second\nauthor: Ola Berg\n%bad",
    ],
)
def test_what_does_not_parse_is_read_by_line(inside: str) -> None:
    meta = read_front_matter(inside)
    assert (meta.title, meta.author) == ("It's the fisher's \"net\": a guide", "Ola Berg")


def test_lists_and_folded_lines_are_read_by_line() -> None:
    meta = read_front_matter("bad: 'x's'\ntitle: >\n  Nets and\n  knots\nquestions:\n- What's a net?\n- \"Why?\"\n")
    assert meta.title == "Nets and knots"
    assert meta.questions == ("What's a net?", "Why?")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "/nets", "https://a b"])
def test_only_addresses_of_the_web_are_kept(url: str) -> None:
    assert read_front_matter(f"url: '{url}'").url is None


def test_where_it_begins_and_ends() -> None:
    assert split_front_matter("---\ntitle: Nets\n---\nText.") == ("title: Nets", "Text.")
    assert split_front_matter("\n---\ntitle: Nets\n---\n\nText.") == ("title: Nets", "\nText.")
    assert split_front_matter('+++\ntitle = "Nets"\n+++\nText.')[0] == 'title = "Nets"'
    assert split_front_matter("---\ntitle: Nets\nauthor: Ola\n\nText: it goes on.")[1].strip() == "Text: it goes on."


@pytest.mark.parametrize(
    "text", ["---\n\nA text under a rule.\n\n---\n\nMore.", "Text.\n---\ntitle: x\n---\n", "---", ""]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == (None, text)


@given(st.text(max_size=300))
def test_nothing_stops_it(inside: str) -> None:
    meta = read_front_matter(inside)
    assert meta.title != ""


def test_a_value_that_is_named_again_is_read() -> None:
    meta = read_front_matter("title: Nets\nauthor: &who Ola Ek\npublisher: *who\n")
    assert (meta.title, meta.author, meta.publisher) == ("Nets", "Ola Ek", "Ola Ek")
    # Emphasis is no alias.
    assert read_front_matter("title: *Nets* and knots\nauthor: Ola\n").author == "Ola"


def test_values_that_grow_out_of_bounds_are_refused() -> None:
    lines = ["k0: &k0 [x]", *(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 10)}]" for n in range(1, 5))]
    with pytest.raises(SourceError, match="more than 10,000"):
        read_front_matter("\n".join(lines))
    assert read_front_matter("\n".join([*lines[:-1], "title: Nets"])).title == "Nets"
    with pytest.raises(SourceError):
        read_front_matter("title: &t {again: *t}")
