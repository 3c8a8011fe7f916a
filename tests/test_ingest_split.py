"""Passages and sentences: what always holds, and lists, rows and labels by hand."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.models import Block, BlockKind, Document, Passage
from ingest.readers.document import read_document
from ingest.split import WINDOW, split, word_pieces


def read(text: str, name: str = "nets.md") -> Document:
    return replace(read_document(text.encode(), name), id="nets-1")


def document(lines: list[tuple[BlockKind, int, str]]) -> Document:
    """A Document of given blocks, a line each."""
    text, blocks = "", []
    for kind, level, line in lines:
        blocks.append(Block(kind, len(text), len(text) + len(line), level))
        text += line + "\n"
    return Document("d-1", lines[0][2], text, "d.txt", tuple(blocks))


def quotes(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.quote(sentence) for passage in passages for sentence in passage.sentences]


def lead_of(passages: tuple[Passage, ...], quote: str) -> str:
    return next(
        lead
        for passage in passages
        for sentence, lead in zip(passage.sentences, passage.leads, strict=True)
        if passage.quote(sentence) == quote
    )


GUIDE = """# Mending nets

Mending is a trade. Anyone can learn it.

## What to learn

You should learn these knots:

- The bowline. It holds well.
- The sheet bend
   - with one turn
   - with two turns

Then practise.

## What it pays

Pay by year is as follows:

| Year | Pay | Hours |
|---|---|---|
| First | £20,000 | 40 |
| Third | £26,000 | 38 |
"""


def test_how_people_ask_goes_with_the_section_and_a_heading_that_is_not_there_is_told() -> None:
    asked = "---\nasked:\n  what it pays?: [netter wage]\n  '**Mending nets**': [x]\n  Knots: [which knots]\n---\n"
    told = read(asked + GUIDE)
    assert [p.asked for p in split(told)] == [(), (), ("netter wage",)]
    assert [what for reason, what in told.dropped if "asked" in reason] == ["**Mending nets**", "Knots"]
    assert "netter wage" not in told.text


def test_ways_of_asking_cannot_fill_a_library() -> None:
    phrases = "".join(f"    - way {number}\n" for number in range(30)) + f"    - {'long ' * 60}\n"
    told = read(f"---\nasked:\n  What it pays:\n{phrases}  What it pays?:\n    - again\n---\n{GUIDE}")
    assert [len(p.asked) for p in split(told)] == [0, 0, 20]
    assert sum("ways of asking" in reason for reason, _ in told.dropped) == 10 + 1
    assert sum("too long" in reason for reason, _ in told.dropped) == 1


def test_a_guide_by_hand() -> None:
    passages = split(read(GUIDE))
    assert [p.section for p in passages] == [(), ("What to learn",), ("What it pays",)]
    assert [p.id for p in passages] == ["nets-1-0001", "nets-1-0002", "nets-1-0003"]
    assert quotes(passages) == [
        "Mending is a trade.",
        "Anyone can learn it.",
        "You should learn these knots:",
        "The bowline.",
        "It holds well.",
        "The sheet bend",
        "with one turn",
        "with two turns",
        "Then practise.",
        "Pay by year is as follows:",
        "Mending nets - First: Pay £20,000; Hours 40",
        "Mending nets - Third: Pay £26,000; Hours 38",
    ]
    kinds = [s.kind for p in passages for s in p.sentences]
    assert kinds == ["sentence"] * 3 + ["item"] * 5 + ["sentence"] * 2 + ["row"] * 2


def test_leads_and_lists_by_hand() -> None:
    passages = split(read(GUIDE))
    assert lead_of(passages, "The sheet bend") == "You should learn these knots:"
    assert lead_of(passages, "with two turns") == "The sheet bend"
    assert lead_of(passages, "Then practise.") == ""
    assert lead_of(passages, "Mending nets - Third: Pay £26,000; Hours 38") == "Pay by year is as follows:"
    by_quote = {p.quote(s): s for p in passages for s in p.sentences}
    assert by_quote["The bowline."].list_id == by_quote["It holds well."].list_id == by_quote["The sheet bend"].list_id
    assert by_quote["with one turn"].list_id == by_quote["with two turns"].list_id != by_quote["The bowline."].list_id
    assert [by_quote[q].level for q in ("The bowline.", "with one turn", "Then practise.")] == [0, 1, 0]
    assert by_quote["Then practise."].list_id is None


def test_a_paragraph_under_an_item_is_led_by_it_and_the_list_goes_on() -> None:
    passages = split(read("# Nets\n\nSteps:\n\n1. Cut\n\n   Cut the twine. Use a knife.\n\n2. Tie\n"))
    assert lead_of(passages, "Use a knife.") == "Cut"
    assert lead_of(passages, "Tie") == "Steps:"
    items = [s for p in passages for s in p.sentences if s.kind == "item"]
    assert len({s.list_id for s in items}) == 1


def test_a_list_led_in_by_an_announcement_without_colon() -> None:
    passages = split(
        read("# Nets\n\nThere are a few steps to it.\n\n1. Cut\n2. Tie\n\nThat is all.\n\n- Alone\n- Again\n")
    )
    assert lead_of(passages, "Tie") == "There are a few steps to it."
    assert lead_of(passages, "Again") == ""


def test_a_list_is_led_in_by_the_label_above_it_and_by_no_statement() -> None:
    passages = split(read("# Nets\n\n**Seine net** (£40)\n\n- Long\n- Cheap\n\nIt is hung.\n\n- Alone\n- Again\n"))
    assert lead_of(passages, "Cheap") == "Seine net (£40)"
    assert lead_of(passages, "Again") == ""


def test_numbers_that_begin_again_are_another_list() -> None:
    passages = split(read("# Nets\n\nFirst part:\n\n1. Cut\n2. Tie\n\n## B\n\nSecond:\n\n1. Dry\n2. Sell\n"))
    ids = {p.quote(s): s.list_id for p in passages for s in p.sentences}
    assert ids["Cut"] == ids["Tie"] != ids["Dry"] == ids["Sell"]


def test_advertising_is_flagged_and_nothing_else() -> None:
    passages = split(read("# Nets\n\nLearn knots. Our Net Basics course teaches them. Take courses.\n"))
    assert [s.promotional for p in passages for s in p.sentences] == [False, True, False]


def test_short_sections_stay_apart_and_short_paragraphs_join() -> None:
    passages = split(read("# Nets\n\n## A\n\nOne line.\n\n## B\n\nFirst short one.\n\nSecond short one.\n"))
    assert [(p.section, len(p.sentences)) for p in passages] == [(("A",), 1), (("B",), 2)]


def test_nested_headings_make_a_path() -> None:
    passages = split(read("# T\n\n## A\n\n### B\n\nText one.\n\n## C\n\nText two.\n"))
    assert [p.section for p in passages] == [("A", "B"), ("C",)]
    assert passages[0].context == "T > A > B"


def test_passages_are_of_a_size_and_lists_keep_their_lead() -> None:
    sentence = "Menders of nets along the coast work in small rooms near the water all year long."
    items = "\n".join(f"- Item number {n} of the list" for n in range(12))
    text = "# Nets\n\n" + "\n\n".join([" ".join([sentence] * 6)] * 8) + f"\n\nBring these things:\n\n{items}\n"
    passages = split(read(text))
    sizes = [len(p.text.split()) for p in passages]
    assert max(sizes) <= 200
    assert sum(60 <= size <= 170 for size in sizes) >= len(sizes) - 1
    holder = next(p for p in passages if "Bring these things:" in p.text)
    assert "Item number 0 of the list" in holder.text
    assert "Item number 11 of the list" in holder.text
    assert all(word_pieces(p.search_text) <= WINDOW + 4 for p in passages)


def test_word_pieces_by_hand() -> None:
    # $ 12 , 3 45 ; - numbers two digits at a time, signs alone, long words every five letters behind the eighth.
    assert word_pieces("$12,345;") == word_pieces("$98,706;") == 6
    assert word_pieces("nets netmaking netmakingcraft") == 1 + 1 + 2
    assert word_pieces("2024") == 2
    assert word_pieces("") == 0


def test_a_sentence_without_end_is_cut_to_the_window() -> None:
    passages = split(read("# T\n\n" + "word " * 3_000, "t.md"))
    assert max(len(p.text.split()) for p in passages) <= 200


_line = (
    st.text(alphabet="abcdeT .!?:123%", min_size=1, max_size=120)
    .map(str.strip)
    .filter(lambda s: any(map(str.isalnum, s)))
)
_block = st.tuples(st.sampled_from(["heading", "paragraph", "item", "row", "fact"]), st.integers(0, 2), _line)


@settings(max_examples=150, deadline=None)
@given(st.lists(_block, max_size=40))
def test_every_sentence_is_in_exactly_one_passage(blocks: list[tuple[BlockKind, int, str]]) -> None:
    lines: list[tuple[BlockKind, int, str]] = [("title", 0, "A title")]
    for kind, level, line in blocks:
        marked = f"- {line}" if kind == "item" else line
        lines.append((kind, level + 1 if kind == "heading" else level if kind in ("item", "paragraph") else 0, marked))
    made = document(lines)
    passages = split(made)
    assert all(p.text == made.text[p.start : p.end] for p in passages)
    assert all(a.end <= b.start for a, b in pairwise(passages))
    spans = [(s.start, s.end) for p in passages for s in p.sentences]
    assert spans == sorted(set(spans))
    assert all(p.start <= s.start < s.end <= p.end for p in passages for s in p.sentences)
    said = "".join("".join(made.text[a:b].split()) for a, b in spans)
    body = [(b.kind, made.text[b.start : b.end]) for b in made.blocks if b.kind not in ("title", "heading")]
    assert said == "".join("".join(text[2:].split() if kind == "item" else text.split()) for kind, text in body)
    heads = [(b.start, b.end) for b in made.blocks if b.kind == "heading"]
    assert not any(p.start < end and start < p.end for p in passages for start, end in heads)
    whole = set(spans)
    for passage in passages:
        for sentence, lead in zip(passage.sentences, passage.leads, strict=True):
            assert sentence.lead is None or sentence.lead in whole
            assert lead == ("" if sentence.lead is None else made.text[slice(*sentence.lead)])


@pytest.mark.parametrize("text", ["# Only a title\n\nx", "# T\n\n- one\n"])
def test_small_documents_split(text: str) -> None:
    assert len(quotes(split(read(text)))) == 1
