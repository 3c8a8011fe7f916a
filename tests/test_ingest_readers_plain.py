"""Plain text: the same guide written in every way that people write one comes out the same."""

import re
import textwrap

import pytest

from corpus.models import Document
from ingest.readers.document import read_document

GUIDE = """How to Start Mending Nets

Mending nets has become a calling for people of all ages along the northern coast. It asks for patience and good light.
Many people ask the same question: how does one begin?
Understand What a Net Is
A net is a mesh of twine that lets water through and keeps fish in, whatever its size and whatever its colour.
Nets are commonly used for:
- Herring
- Cod of all sizes
- Shrimp
- Salmon farms
People who mend them keep a whole harbour going through the winter, when boats lie still for weeks on end.
Learn the Common Knots
Knots are the first thing to learn. Most people learn three of them within a week of steady practice.
Common entry points include:
- Deck Hand
- Junior Net Maker
- Harbour Assistant
These posts often give a view of the whole trade, and they need no certificate at all to begin with.
Work on Real Nets
Nothing replaces a torn net on the table. Ask at the harbour for one that nobody needs any more.
When you know the knots, put them to use in this order:
1. Find the tear. Most tears are larger than they look at first.
2. Cut it clean
3. Tie the new mesh
"""


def outline(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def read(text: str, name: str = "0a1b2c3d4e.txt") -> Document:
    return read_document(text.encode(), name)


def wrapped(text: str, width: int) -> str:
    blocks = []
    for line in text.split("\n"):
        mark = re.match(r"^(?:- |\d+\. )", line)
        blocks.append(textwrap.fill(line, width, subsequent_indent=" " * len(mark[0]) if mark else "") if line else "")
    return "\n\n".join(blocks)


OUTLINE = outline(read(GUIDE))


def test_the_outline_by_hand() -> None:
    kinds = [kind for kind, _ in OUTLINE]
    assert OUTLINE[0] == ("title", "How to Start Mending Nets")
    assert [text for kind, text in OUTLINE if kind == "heading"] == [
        "Understand What a Net Is",
        "Learn the Common Knots",
        "Work on Real Nets",
    ]
    assert [text for kind, text in OUTLINE if kind == "item"] == [
        "- Herring",
        "- Cod of all sizes",
        "- Shrimp",
        "- Salmon farms",
        "- Deck Hand",
        "- Junior Net Maker",
        "- Harbour Assistant",
        "1. Find the tear. Most tears are larger than they look at first.",
        "2. Cut it clean",
        "3. Tie the new mesh",
    ]
    assert kinds.count("paragraph") == 10
    assert sum(map(len, (text for _, text in OUTLINE))) > 0.97 * len(GUIDE.replace("\n", ""))


@pytest.mark.parametrize(
    "variant",
    [
        GUIDE.replace("\n", "\n\n"),
        re.sub(r"\n+", "\n", GUIDE),
        GUIDE.replace("\n", "\r\n"),
        re.sub(r"^- ", "• ", GUIDE, flags=re.MULTILINE),
        re.sub(r"^- ", "* ", GUIDE, flags=re.MULTILINE),
        re.sub(r"^(\d)\. ", r"   \1) ", GUIDE, flags=re.MULTILINE),
        wrapped(GUIDE, 72),
        wrapped(GUIDE, 60),
        re.sub(r"^(?!$)", "    ", GUIDE, flags=re.MULTILINE),
    ],
    ids=["blank lines", "no blank lines", "crlf", "dots", "stars", "brackets", "wrap 72", "wrap 60", "indented"],
)
def test_ways_of_writing_make_no_difference(variant: str) -> None:
    assert outline(read(variant)) == OUTLINE


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_lists_without_bullets_are_lists(gap: str) -> None:
    bare = re.sub(r"^- ", "", GUIDE, flags=re.MULTILINE).replace("\n", gap)
    assert outline(read(bare)) == OUTLINE


def test_a_heading_right_behind_a_list_without_bullets_is_no_item() -> None:
    text = (
        GUIDE.split("Work on Real")[0]
        + "You need:\nTwine\nA needle\nGood light\nAsk Around at the Harbour Office\n"
        + "People there know who has work to give, and they answer every question that one can think of.\n"
    )
    found = outline(read(text))
    assert ("heading", "Ask Around at the Harbour Office") in found
    assert [t for k, t in found if k == "item"][-3:] == ["- Twine", "- A needle", "- Good light"]


def test_a_nested_list_keeps_its_depth() -> None:
    document = read("Nets\n\nBring:\n- Tools\n  - Knife\n  - Needle\n- Twine\n\nThat is all that one needs to begin.\n")
    assert [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "item"] == [
        (0, "- Tools"),
        (1, "- Knife"),
        (1, "- Needle"),
        (0, "- Twine"),
    ]


def test_paragraphs_between_numbers_stand_under_them() -> None:
    text = (
        "Three Steps to a Whole Net\n\nThese are the steps:\n1. Look\nLook at the net in daylight and mark each tear.\n"
        "2. Cut\nCut the torn meshes away until only whole ones are left.\nTools for it:\n- Knife\n- Scissors\n"
        "3. Tie\nTie new meshes from the left to the right.\n"
    )
    document = read(text)
    assert [(b.kind, b.level) for b in document.blocks[2:]] == [
        ("item", 0), ("paragraph", 1), ("item", 0), ("paragraph", 1), ("paragraph", 1), ("item", 1), ("item", 1),
        ("item", 0), ("paragraph", 1),
    ]  # fmt: skip


def test_a_text_without_title_gets_an_honest_one() -> None:
    body = (
        "Nets are old. This short guide will show you how to mend nets for a living, step by step.\nKnots\nThey hold."
    )
    assert read(body).title == "How to mend nets for a living"
    assert read(body, "mending-nets-for-beginners.txt").title == "Mending nets for beginners"
    plain = "Nets are older than any village on the coast where they are still in use today, they say. They last."
    assert read(plain).title == "Nets are older than any village on the coast where they are still in use today…"
    assert read(plain).text.startswith(read(plain).title + "\n")


@pytest.mark.parametrize("first", ["Introduction", "Nets are old.", "- Nets", "nets in lower case and more of it,"])
def test_first_lines_that_are_no_title(first: str) -> None:
    assert read(f"{first}\nNets are old and people have mended them for as long as there were any.\n").title != first


def test_near_misses_stay_paragraphs() -> None:
    text = (
        "Nets and Pay\n\nPeople who mend nets are paid by the piece, and a good hand mends four of them a day.\n"
        "A good season\n\nSee the following.\nMedian pay: £21,000\n"
        "The pay rises with the years for as long as one stays in the trade.\n"
    )
    kinds = {line: kind for kind, line in outline(read(text))}
    assert kinds["Median pay: £21,000"] == "paragraph"
    assert kinds["See the following."] == "paragraph"
    last = outline(read(text + "A closing line without an end"))[-1]
    assert last == ("paragraph", "A closing line without an end")


def test_facts_and_tables_become_lines_of_their_own() -> None:
    text = (
        "Net Mender\n\nPeople mend nets all along the coast, in small rooms near the water.\n\nMedian pay: £21,000\n"
        "Growth: 4%\nTraining: none\n\nRegion\tPay\tPosts\nNorth\t£22,000\t140\nSouth\t£20,500\t90\n"
    )
    assert [t for k, t in outline(read(text)) if k in ("fact", "row")] == [
        "Net Mender - Median pay: £21,000",
        "Net Mender - Growth: 4%",
        "Net Mender - Training: none",
        "Net Mender - North: Pay £22,000; Posts 140",
        "Net Mender - South: Pay £20,500; Posts 90",
    ]


def test_lines_at_the_head_tell_of_the_text() -> None:
    document = read(
        "Title: On Nets\nAuthor: Ola Berg\nDate: 3 May 2024\n\nNets are old, and they are mended by hand.\n"
    )
    assert (document.title, document.author, document.published) == ("On Nets", "Ola Berg", "2024-05-03")
    assert document.text.startswith("On Nets\nOla Berg, 2024-05-03\n")


def test_underlined_lines_are_headings() -> None:
    found = outline(read("Nets\n====\n\nNets are old and many.\n\nKnots\n-----\n\nKnots hold them together.\n"))
    assert [pair for pair in found if pair[0] != "paragraph"] == [("title", "Nets"), ("heading", "Knots")]


def test_what_is_left_out_is_told() -> None:
    document = read("Getty Images\n\nTip\n\n" + GUIDE + "\nDig Deeper on Nets\n\nBoats\nTides\nClose\n")
    assert outline(document) == OUTLINE
    assert {text for _, text in document.dropped} == {
        "Getty Images", "Tip", "Dig Deeper on Nets", "Boats", "Tides", "Close",
    }  # fmt: skip
