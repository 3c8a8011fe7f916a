"""Advertising against advice."""

import pytest

from ingest.promotion import is_promotional


@pytest.mark.parametrize(
    "sentence",
    [
        "Our Deep Sea Data course teaches everything from buoys to models.",
        "Our hands-on courses in tides, currents and nets can help you grow.",
        "Take our Foundations of Fishing Data course, read widely, and build something.",
        "Harbour Talent connects professionals with opportunities in data and shipping.",
        "NetWise is the leading provider of maritime analytics training.",
        "At Harbour Talent, we believe in people.",
        "We help professionals find a berth in tech.",
        "Follow us on Seabook for daily tips.",
        "Sign up",
        "Sign up for our newsletter to get more.",
        "Enrol now!",
        "Apply today.",
        "Ready to set sail on your new career?",
        "Download our free guide to the coast.",
        "Get 20% off with the promo code HERRING.",
        "Click here to learn more about our bootcamp.",
        "Upload your CV and one of our skippers will be in touch.",
        "Practise 1,000+ questions on tides and currents.",
        "“Join us!”",
        "What helps most (beside luck) is (our) own advice: (our courses).",
        "Before you go—subscribe to the newsletter.",
    ],
)
def test_advertising_is_known(sentence: str) -> None:
    assert is_promotional(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Tidal Mechanics is a topic that many students of the coast put off.",
        "Take online courses and earn a certificate.",
        "Send your CV to ten employers a week, and share your details with a recruiter.",
        "Join a group of 12 and practise 3 questions a day.",
        "Follow researchers on social media and subscribe to newsletters on statistics.",
        "Sign up for Kaggle and enter a competition for beginners.",
        "LinkedIn connects professionals with recruiters.",
        "Networking helps professionals find jobs.",
        "Machine Learning helps businesses and organizations plan.",
        "Northern State University offers an online degree in statistics.",
        "Coursera offers courses to students all over the world.",
        "Our brains learn by training on examples.",
        "The office offers services to veterans who look for work.",
        "We found that 40% of employers train their own staff.",
        "Apply now or later, but apply with a portfolio.",
        "Join a community of practice near you.",
        "In our survey, half of the analysts worked from home.",
    ],
)
def test_advice_and_facts_are_not_advertising(sentence: str) -> None:
    assert not is_promotional(sentence)
