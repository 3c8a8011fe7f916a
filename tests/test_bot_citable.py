"""What says something by itself, and what only points or announces."""

import pytest

from bot.citable import citable


@pytest.mark.parametrize(
    "text",
    [
        "What do they earn?",
        "They need these things:",
        "Very well paid.",
        "In this guide we will look at how nets are mended.",
        "First, let's talk about the oversupply of pilots.",
        "Here, I discuss the pros and cons of sailing.",
        "We'll take a closer look at the coast.",
        "Before we dive into the details, a word on tides.",
        "Here's everything you need to know about the post.",
        "You can also find out more about the licence you need.",
        "Check out the blog by Jo on choosing a harbour.",
        "Please leave any of your other comments below.",
        "Thanks to Jo for feedback on many drafts.",
    ],
)
def test_what_says_nothing_of_its_subject_is_not_cited(text: str) -> None:
    assert not citable("sentence", text)


@pytest.mark.parametrize(
    "text",
    [
        "We cover the tuition of every pilot.",
        "First, we talk with the skipper, and then we sail.",
        "Read more charts than you think you need.",
        "Check out the boats in your own harbour first.",
        "This post is paid by the hour.",
        "In this trade, pilots learn more at sea than on land.",
    ],
)
def test_advice_in_like_words_is(text: str) -> None:
    assert citable("sentence", text)
