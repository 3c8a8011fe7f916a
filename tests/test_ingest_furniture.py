"""What is taken off a page, and what only looks like it."""

import pytest

from ingest import furniture_patterns
from ingest.furniture import bio_author, furniture, scan

PROSE = "Most people who mend nets for a living learned it from somebody in their family when they were young."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Getty Images/iStockphoto", "photo credit"),
        ("Photo by Ola Berg", "photo credit"),
        ("Image: Shutterstock", "photo credit"),
        ("Ola Berg / Unsplash", "photo credit"),
        ("© 2024 Harbour Media. All rights reserved.", "copyright line"),
        ("Share this article", "page control"),
        ("PRINTER-FRIENDLY", "page control"),
        ("Read more »", "page control"),
        ("Skip to main content", "page control"),
        ("Subscribe", "page control"),
        ("5 min read", "reading time"),
        ("Tags: nets, boats, tides", "tags"),
        ("Home > Careers > Nets", "breadcrumb"),
        ("This website uses cookies to make it work.", "notice of the site"),
        ("By continuing to browse this site you agree to our use of cookies.", "notice of the site"),
        ("Comments are closed.", "notice of the site"),
        ("Add / View comments", "notice of the site"),
        ("View my complete profile", "notice of the site"),
        ("Kommentar schreiben", "notice of the site"),
        ("The lower yard at dusk © Ida Sund", "photo credit"),
    ],
)
def test_lines_of_furniture_are_known(line: str, reason: str) -> None:
    assert furniture(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "Share your projects with others and ask for comments",
        "Photography and image analysis",
        "Search engines rank pages by many signals",
        "Copyright law matters to anyone who trains models",
        "Home offices and remote work",
        "Read more research papers every week",
        "Reuters hired forty data journalists in 2023",
        "The first 5 minutes of an interview",
        "We use cookies from the bakery at every launch",
        "Write comments in your code",
        "Follow companies on LinkedIn",
        "View profiles of people who have the job",
        "Mark your own work with © and the year",
    ],
)
def test_text_that_resembles_furniture_stays(line: str) -> None:
    assert furniture(line) == ""


def test_what_stands_around_an_article_goes_and_its_author_and_date_are_kept() -> None:
    lines = [
        "Getty Images/iStockphoto",
        "Tip",
        "How to mend a net",
        "By Ola Berg | 3 May 2024",
        PROSE,
        "Ida K. Sund, senior editor at Harbour Media, has written about nets for twenty years.",
        "Dig Deeper on Fishing gear",
        "Boats",
        "Tide tables",
        "Close",
    ]
    found = scan(lines)
    assert sorted(found.reasons) == [0, 1, 3, 5, 6, 7, 8, 9]
    assert (found.author, found.published) == ("Ola Berg", "2024-05-03")


def test_bare_words_at_the_end_are_a_menu_only_with_a_sign_of_it() -> None:
    assert sorted(scan(["Nets", PROSE, "Boats", "Tide tables", "Close"]).reasons) == [2, 3, 4]
    assert not scan(["Nets", PROSE, "Boats", "Tide tables", "Needles"]).reasons
    assert not scan(["Nets", "Bring these with you:", "Boats", "Tide tables", "Needles"]).reasons


def test_a_menu_above_the_title_goes() -> None:
    found = scan(["Home", "About us", "Contact", "How to mend a net", PROSE])
    assert sorted(found.reasons) == [0, 1, 2]


def test_items_go_only_with_their_whole_list() -> None:
    lines = ["Nets", PROSE, "Search", "Print", "Bait"]
    assert not scan(lines, items=frozenset({2, 3, 4})).reasons
    assert sorted(scan(lines[:4], items=frozenset({2, 3})).reasons) == [2, 3]


def test_a_related_heading_over_text_stays() -> None:
    assert not scan(["Nets", PROSE, "Related skills", PROSE, "More in this trade", PROSE]).reasons


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ola Berg is a freelance writer who covers the coast.", "Ola Berg"),
        ("About the author: Ida K. Sund writes about nets and people.", "Ida K. Sund"),
        ("Data Scientist is a role that has an analyst at its heart.", ""),
        ("Junior Engineers, often with a senior consultant beside them, mend nets.", ""),
        ("A writer is a person who writes.", ""),
    ],
)
def test_notes_about_authors(line: str, name: str) -> None:
    assert bio_author(line) == name


def test_by_alone_makes_no_byline() -> None:
    found = scan(["Nets", "By the end of 2024", PROSE])
    assert found.author is None
    assert not found.reasons


@pytest.mark.parametrize(
    "line",
    """Related|Related — more|Related articles|Must-reads from the Post|Read next|Read more: Knots|Watch: Knots
    Don't miss|Don’t miss this|You'll love these|You may also like|Editor's picks|Editors’ picks|Top stories
    What to read next|Tags|More from Ola|More like this|Recommended for you|Popular now|Most read|Latest news
    Recent posts|Trending|In this series|On this page|Table of contents|Jump to|Share this|Follow us
    Connect with us|Stay connected|Sitemap|Site map|See also|Quick links|Explore more|Keep reading|Up next
    Next article|Previous article|Join the conversation|Dig deeper|Topics|Ähnliche Beiträge|Mehr zum Thema
    Auch interessant|Das könnte Sie auch interessieren|Weitere Artikel|Lesen Sie auch|Meistgelesen
    Articles similaires|À lire aussi|Sur le même sujet|Noticias relacionadas|También en Costa|Más leído
    Video: Knots|Podcast: Knots|Lire aussi: Knots|Lea también: Knots|Featured posts|Further articles|Archives
    Other news
    """.replace("\n    ", "|")
    .strip("| \n")
    .split("|"),
)
def test_lines_that_lead_elsewhere_begin_with_a_word_that_is_looked_up_first(line: str) -> None:
    first = line.partition(" ")[0].rstrip(":|").lower()
    assert first in furniture_patterns.OPENERS
    assert furniture_patterns.ELSEWHERE.match(line) or furniture_patterns.SENDS_ELSEWHERE.match(line)
