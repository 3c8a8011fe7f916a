"""Markdown as it should be, and as it is."""

import re

import pytest

from corpus.errors import SourceError
from corpus.models import Document, Reference
from ingest.readers.document import read_document

GUIDE = """---
title: 'Mending Nets: The Fisher's Guide'
description: 'All that one needs for the fisher's trade. With 4% growth'
author: 'Ola Berg'
publish_date: '2024-05-03'
cta: 'Follow us on Seabook'
---

Nets are **old**, and *people* [mend them](https://nets.example) by hand â€“ with `twine`.

## What to Learn

### First Things

It takes a few things:

1. **Good Knots**  
Knots have long been the heart of it. They include:
   - The bowline
   - The sheet bend
2. **Patience**
   - With the twine
   - With the weather

### Then More

Time is what it needs:

1. **A Sharp Eye**  
Tears hide in the folds.

2. **Steady Hands**  
They come with practice. This includes:
   - Cutting
   - Tying

## Where to Work

![a boat](boat.png)

Harbours<!-- hidden words --> need menders <span style="display:none">not shown</span>all year.
"""  # noqa: W291


def outline(document: Document) -> list[tuple[str, int, str]]:
    return [
        (block.kind, block.level if block.kind != "heading" else 0, document.text[block.start : block.end])
        for block in document.blocks
    ]


def read(text: str, name: str = "0a1b2c3d4e.md") -> Document:
    return read_document(text.encode(), name)


def test_front_matter_that_does_not_parse_is_read_all_the_same() -> None:
    document = read(GUIDE)
    assert document.title == "Mending Nets: The Fisher's Guide"
    assert (document.author, document.published) == ("Ola Berg", "2024-05-03")
    assert document.summary == "All that one needs for the fisher's trade. With 4% growth"
    assert document.text.startswith("Mending Nets: The Fisher's Guide\nOla Berg, 2024-05-03\n\nNets are old")
    assert "Seabook" not in document.text
    assert "4% growth" not in document.text


def test_the_outline_by_hand() -> None:
    assert outline(read(GUIDE))[2:] == [
        ("paragraph", 0, "Nets are old, and people mend them by hand – with twine."),
        ("heading", 0, "What to Learn"),
        ("heading", 0, "First Things"),
        ("paragraph", 0, "It takes a few things:"),
        ("item", 0, "1. Good Knots"),
        ("paragraph", 1, "Knots have long been the heart of it. They include:"),
        ("item", 1, "- The bowline"),
        ("item", 1, "- The sheet bend"),
        ("item", 0, "2. Patience"),
        ("item", 1, "- With the twine"),
        ("item", 1, "- With the weather"),
        ("heading", 0, "Then More"),
        ("paragraph", 0, "Time is what it needs:"),
        ("item", 0, "1. A Sharp Eye"),
        ("paragraph", 1, "Tears hide in the folds."),
        ("item", 0, "2. Steady Hands"),
        ("paragraph", 1, "They come with practice. This includes:"),
        ("item", 1, "- Cutting"),
        ("item", 1, "- Tying"),
        ("heading", 0, "Where to Work"),
        ("paragraph", 0, "Harbours need menders all year."),
    ]


@pytest.mark.parametrize(
    "variant",
    [
        re.sub(r" +$", "", GUIDE, flags=re.MULTILINE),
        re.sub(r"^ +-", "-", GUIDE, flags=re.MULTILINE),
        re.sub(r"^#+ (.*)$", r"**\1**", GUIDE, flags=re.MULTILINE),
        GUIDE.replace("\n", "\r\n"),
    ],
    ids=["no trailing spaces", "no indentation", "bold headings", "crlf"],
)
def test_strayings_make_no_difference(variant: str) -> None:
    assert outline(read(variant)) == outline(read(GUIDE))


def test_the_type_is_told_by_content() -> None:
    assert outline(read(GUIDE, "0a1b2c3d4e.txt")) == outline(read(GUIDE))
    assert read("# Nets\n\nThey hold.\n", "a.txt").title == "Nets"
    assert read("<!doctype html><title>Nets</title><p>They hold fish.</p>", "a.txt").title == "Nets"


def test_a_line_below_a_list_is_no_part_of_its_last_item() -> None:
    found = outline(
        read("# Nets\n\nThey need:\n- Twine\n- A needle\nMenders carry both of them at all times of day.\n")
    )
    assert [text for _, _, text in found[-2:]] == ["- A needle", "Menders carry both of them at all times of day."]


def test_hard_wrapped_items_and_paragraphs_are_joined() -> None:
    text = (
        "# Nets\n\nPeople who mend nets for a living sit in small rooms near the\n"
        "Water, as they call the fjord, and work from early morning until\nthe light goes.\n\n"
        "- A long item that goes on over the end of its line, as items will\n  when they are long\n"
        "- Another long item, whose second line begins at the margin because\nsomebody wrapped it so\n"
    )
    assert [t for _, _, t in outline(read(text))[1:]] == [
        "People who mend nets for a living sit in small rooms near the Water, as they call the fjord, and work "
        "from early morning until the light goes.",
        "- A long item that goes on over the end of its line, as items will when they are long",
        "- Another long item, whose second line begins at the margin because somebody wrapped it so",
    ]


def test_headings_without_marks_and_lists_in_one_line_paragraphs() -> None:
    text = (
        "# Nets and **Knots**\n\nNets are old.\nWhat a Net Is\nA net is a mesh of twine that keeps the fish in.\n"
        "It is used for:\nHerring\nCod\nThese are the fish that people here live on.\n"
    )
    kinds = [(kind, text) for kind, _, text in outline(read(text))]
    assert ("heading", "What a Net Is") in kinds
    assert ("item", "- Cod") in kinds


def test_tables_are_rows_that_can_be_read_alone() -> None:
    text = "# Nets\n\n| Kind | Pay | Hours |\n|:---|---:|---|\n| **Herring** | £20 | 4 |\n| Cod | £25 |  |\n"
    assert [t for k, _, t in outline(read(text)) if k == "row"] == [
        "Nets - Herring: Pay £20; Hours 4",
        "Nets - Cod: Pay £25",
    ]


def test_code_is_kept_and_html_inside_is_read() -> None:
    text = "# Nets\n\n```python\nknot = 1\n\nprint(knot)\n```\n\n<table><tr><th>Pay<td>£20</table>\n"
    found = [t for _, _, t in outline(read(text))]
    assert "knot = 1\nprint(knot)" in found
    assert "Nets - Pay: £20" in found


def test_footnotes_become_references_at_their_words() -> None:
    text = (
        "# Nets\n\nMenders earn £20 a net.[^pay] Most are young[^a_b], and few[^gone] leave.[^ours][^pay]\n\n"
        "[^pay]: Pay at Sea, Office of Nets, 3 May 2024. <https://nets.example/pay>.\n"
        "[^a_b]: *Young Hands*, Berg Press\n    2021\n"
    )
    works = {"ours": Reference("Staying On", "Sund", "https://sund.example", "2020"), "pay": Reference("Other")}
    document = read_document(text.encode(), "nets.md", works=works)
    body = "Menders earn £20 a net. Most are young, and few leave."
    assert document.text == f"Nets\n\n{body}"
    start = document.text.index(body)
    pay = Reference("Pay at Sea", "Office of Nets", "https://nets.example/pay", "2024-05-03")
    young = Reference("Young Hands", "Berg Press", None, "2021")
    assert document.references(start, start + len("Menders earn £20 a net.")) == (pay,)
    second = document.text.index("Most are")
    assert document.references(second, len(document.text)) == (young, works["ours"], pay)
    assert [document.text[: note.at].split()[-1] for note in document.footnotes] == [
        "net.",
        "young",
        "leave.",
        "leave.",
    ]


def test_a_remark_in_a_footnote_is_not_lost() -> None:
    document = read("# Nets\n\nPay is good.[^1]\n\n[^1]: This leaves out all who mend nets only in the winter.\n")
    assert document.text.endswith("This leaves out all who mend nets only in the winter.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Nets\n\nText.\n", "Nets"),
        ("Text before it all.\n\n# Nets\n\nText.\n", "Nets"),
        ("## Nets\n\nText.\n", "Nets"),
        ("---\ntitle: Knots\n---\n# Nets\n\nText.\n", "Knots"),
        ("Nets\n----\n\nText.\n", "Nets"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert read(text).title == title


def test_a_title_that_the_text_repeats_stands_once() -> None:
    assert read("---\ntitle: Nets\n---\n# Nets\n\nText.\n").text == "Nets\n\nText."


def test_a_summary_is_text_only_where_there_is_no_other() -> None:
    assert read("---\ntitle: Nets\nsummary: They hold.\n---\n").text == "Nets\n\nThey hold."
    with pytest.raises(SourceError, match="no text"):
        read("---\ntitle: Nets\n---\n")


def test_bombs_and_brackets_are_read_in_bounded_time() -> None:
    bomb = (
        "---\n"
        + "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 12))
        + "title: Nets\n---\n\nThey hold.\n"
    )
    assert read(bomb).title == "Nets"
    assert read("# Nets\n\nThey hold.\n\n" + "[" * 60_000 + "\n").title
