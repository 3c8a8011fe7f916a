"""What is the same page twice and what only looks like it: pages made up, read by the real readers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ingest.duplicates import CONTAINS, NEIGHBOURS, OTHER_FOOTER, SAME, find_joins, outline
from ingest.readers.document import read_document
from ingest.split import split

TITLE = "Becoming a lighthouse keeper"
BODY = (
    "Lighthouse keepers watch the sea and keep the lamp in order. Most of them learned the work on a ship first.",
    "## What the work is like\n\nThe night is cut into watches of four hours each. Keepers write down every ship that "
    "passes, clean the glass and measure the wind.",
    "- Mend the lamp and its clockwork\n- Paint the tower before winter\n- Answer calls of ships in fog",
    "## How to begin\n\nAsk the coast guard of your district for a trial week. A keeper will show you the tower, and "
    "afterwards both of you know whether the life suits you.",
    "| Step | Time | Cost |\n|---|---|---|\n| Trial week | 7 days | 40 crowns |\n| Course | 12 weeks | 900 crowns |",
)
GUIDE = "\n\n".join([f"# {TITLE}", *BODY]) + "\n"


def joins(texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Joined source -> (source that answers for it, reason), of sources read as the product reads them."""
    return {join.document_id: (join.kept_id, join.reason) for join in find_joins(outlines(texts))}


def outlines(texts: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for source, text in texts.items():
        document = replace(read_document(text.encode(), source), id=source)
        found[source] = outline(document, split(document))
    return found


def html(body: str, menu: str = "", foot: str = "", head: str = "") -> str:
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body><nav>{menu}</nav><main><h1>{TITLE}</h1>{body}</main>"
        f"<footer>{foot}</footer></body></html>"
    )


PAGE = (
    "<p>Lighthouse keepers watch the sea and keep the lamp in order. Most of them learned the work on a ship.</p>"
    "<h2>What the work is like</h2><p>The night is cut into watches of four hours each. Keepers write down every ship "
    "that passes, clean the glass and measure the wind.</p><ul><li>Mend the lamp and its clockwork</li>"
    "<li>Paint the tower before winter</li></ul><h2>How to begin</h2><p>Ask the coast guard of your district for a "
    "trial week. A keeper will show you the tower, and afterwards both know whether the life suits you.</p>"
)


def test_the_same_file_under_two_names_is_one() -> None:
    assert joins({"keeper.md": GUIDE, "copies/keeper (1).md": GUIDE}) == {"copies/keeper (1).md": ("keeper.md", SAME)}


def test_a_page_saved_twice_with_another_menu_is_one() -> None:
    first = html(PAGE, "<a href=/>Home</a> <a href=/a>About</a>", "<p>© 2023 Coast Careers</p>")
    second = html(
        PAGE.replace("</h2><p>Ask", "</h2><p>Share this page</p><p>Ask"),
        "<a href=/>Home</a> <a href=/jobs>Jobs</a> <a href=/new>New</a>",
        "<p>© 2025 Coast Careers. All rights reserved.</p>",
        '<meta name="author" content="Ada Moore">',
    )
    # The one that tells more of itself is kept.
    assert joins({"a.html": first, "b.html": second}) == {"a.html": ("b.html", SAME)}


def test_typesetting_makes_no_difference() -> None:
    one = GUIDE.replace("Keepers write", "A keeper's log - kept for years - grows. Keepers write")
    other = one.replace("keeper's log - kept for years - ", "keeper’s log – kept for years – ").replace(
        "glass and", "glass  and"
    )
    assert one != other
    assert joins({"a.md": one, "b.md": other}) == {"b.md": ("a.md", SAME)}


@pytest.mark.parametrize(
    "footer",
    [
        "© 2024 Northern Careers Office. All rights reserved.",
        "Published by the Northern Careers Office, 12 Harbour Street. Contact us at 555-0100.",
        "Last updated on 3 May 2024",
        "Subscribe to the newsletter of the north, with 20,000 readers.",
        "This guide was reprinted with permission by the Harbour Weekly.",
        "The North Light, a page for everybody by the sea.",
    ],
)
def test_a_guide_with_another_footer_is_one(footer: str) -> None:
    mine = f"{GUIDE}\n{footer}\n"
    ((joined, (kept, _)),) = joins(
        {"a.md": mine, "b.md": f"{GUIDE}\nFirst published by the Coast Guard's press.\n"}
    ).items()
    assert {joined, kept} == {"a.md", "b.md"}
    assert len(joins({"a.md": mine, "b.md": GUIDE})) == 1


def test_the_longer_one_answers_and_likeness_is_told() -> None:
    more = f"{GUIDE}\n## Afterwards\n\nMany keepers become pilots.\n"
    (join,) = find_joins(outlines({"short.md": GUIDE, "z-long.md": more}))
    assert (join.document_id, join.kept_id, join.reason, join.likeness) == ("short.md", "z-long.md", CONTAINS, 1.0)
    first, second = f"{GUIDE}\nVisit us by the sea for more of this.\n", f"{GUIDE}\nContact us in the north.\n"
    (join,) = find_joins(outlines({"a.md": first, "b.md": second}))
    assert (join.document_id, join.kept_id, join.reason) == ("b.md", "a.md", OTHER_FOOTER)
    assert 0.9 < join.likeness < 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("four hours", "six hours"),
        ("900 crowns", "950 crowns"),
        ("12 weeks", "16 weeks"),
        ("coast guard of your district", "harbour office of your district"),
        (TITLE, "Becoming a pilot"),
        ("Most of them learned", "Few of them learned"),
        ("Paint the tower", "Wash the tower"),
        ("40 crowns", "-40 crowns"),
    ],
)
def test_one_other_name_or_figure_and_both_stay(old: str, new: str) -> None:
    assert old in GUIDE
    assert joins({"a.md": GUIDE, "b.md": GUIDE.replace(old, new)}) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Certificates are issued by the Strelsau Guild.", "Certificates are issued by the Royal Academy."),
        ("The trial week cost 40 crowns in 2023.", "A course cost 900 crowns in the year before."),
        ("This page is about towers in the north.", "This page is about towers in the south."),
        ("- Bring a lamp of your own", "- Ask for a rope"),
    ],
)
def test_last_lines_that_state_something_keep_both(one: str, other: str) -> None:
    assert joins({"a.md": f"{GUIDE}\n{one}\n", "b.md": f"{GUIDE}\n{other}\n"}) == {}


def test_swapped_figures_and_other_places_are_no_duplicates() -> None:
    one = f"# Pay by the sea\n\n{BODY[0]}\n\n## Keepers\n\nPay: 40 crowns.\n\n## Pilots\n\nPay: 36 crowns.\n"
    other = one.replace("40", "x").replace("36", "40").replace("x", "36")
    assert joins({"a.md": one, "b.md": other}) == {}
    north, south = (f"---\ntitle: Pay\nregion: {region}\n---\n\n{BODY[0]}\n" for region in ("North", "South"))
    assert joins({"a.md": north, "b.md": south}) == {}


def look_alikes(count: int, titled: bool) -> dict[str, str]:
    """Pages of a series: the same headings and sentences, other names and figures."""
    chance = random.Random(7)
    pages = {}
    for n in range(count):
        name = (
            f"{chance.choice(['Senior', 'Junior', 'Chief', 'Night'])} {chance.choice(['welder', 'baker', 'pilot'])} {n}"
        )
        pay, growth = chance.randrange(30, 90), chance.randrange(1, 20)
        title = f"{name}s" if titled else "Occupation profile"
        pages[f"{n}.md"] = (
            f"# {title}\n\n## Quick facts\n\n| Pay | Growth |\n|---|---|\n| ${pay},000 | {growth}% |\n\n"
            "## What they do\n\nPeople in this occupation plan their work, keep their tools in order, write down what "
            "they did, and speak with those who asked for it. They work alone or in small groups.\n\n"
            + "## How to become one\n\nMost enter with a certificate and learn the rest on the job over some months. "
            "Employers look for care, patience and a steady hand above all.\n\n"
            * 3
            + f"## Job outlook\n\nEmployment of {name}s is projected to grow {growth} percent over the decade.\n"
        )
    return pages


@pytest.mark.parametrize("titled", [True, False])
def test_look_alike_pages_are_never_joined(titled: bool) -> None:
    assert joins(look_alikes(300, titled)) == {}


def test_look_alikes_that_differ_in_their_title_alone_stay() -> None:
    """Two occupations may have the same figures."""
    assert joins({f"{name}.md": f"# {name}\n\n" + "\n\n".join(BODY) for name in ("Bakers", "Pilots", "Welders")}) == {}


def test_the_result_does_not_hang_on_the_order() -> None:
    footers = ("", "Contact us in the north.", "© 2024 South", "Visit us in the east, or write to us from the west.")
    texts = {f"{n}.md": f"{GUIDE}\n{footers[n % 4]}\n" for n in range(20, 32)} | look_alikes(5, titled=True)
    found = outlines(texts)
    first = find_joins(found)
    assert len(first) >= 9
    for seed in range(5):
        shuffled = random.Random(seed).sample(sorted(found), len(found))
        assert find_joins({id_: found[id_] for id_ in shuffled}) == first
    kept = {join.kept_id for join in first}
    assert kept.isdisjoint({join.document_id for join in first})


def test_many_copies_have_one_that_answers() -> None:
    (text,) = outlines({"a.md": GUIDE}).values()
    joined = find_joins({f"{n:04}": text for n in range(4 * NEIGHBOURS)})
    assert len(joined) == 4 * NEIGHBOURS - 1
    assert len({join.kept_id for join in joined}) == 1


def test_short_texts_are_joined_only_when_they_are_the_same() -> None:
    texts = {"a.md": "# Soon\n\nThis comes soon.\n", "b.md": "# Soon\n\nThis comes soon.\n\nA word more.\n"}
    assert joins(texts) == {}
    assert joins({"a.md": texts["a.md"], "b.md": texts["a.md"]}) == {"b.md": ("a.md", SAME)}
