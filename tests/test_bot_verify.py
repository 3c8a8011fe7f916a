"""What a claim may and may not rest on: honest paraphrases pass, changed figures, names and directions do not."""

from __future__ import annotations

import pytest

from bot import meaning
from bot.verify import measure_document, verify

PAY = "A data engineer in Ruritania earned a median of 84,500 crowns in May 2023, according to the Statistics Office."
GROWTH = "Employment of model builders is projected to grow 34 percent from 2024 to 2034, far faster than average."
DEGREE = "Most employers do not require a doctorate for applied work, but research posts usually do."
SKILLS = "Analysts use SQL every day, and Python helps once the questions outgrow a spreadsheet."

PARAPHRASES = [
    ("The median pay of a data engineer in Ruritania was 84,500 crowns in May 2023.", PAY),
    ("Data engineers in Ruritania had median earnings of 84,500 crowns in 2023.", PAY),
    ("Jobs for model builders are projected to grow by 34% between 2024 and 2034.", GROWTH),
    ("A doctorate is not required by most employers for applied work.", DEGREE),
    ("Analysts work with SQL every day.", SKILLS),
    ("Python helps analysts once questions outgrow a spreadsheet.", SKILLS),
]
FALSE = [
    ("The median pay of a data engineer in Ruritania was 94,500 crowns in May 2023.", PAY, "94,500"),
    ("The median pay of a data engineer in Syldavia was 84,500 crowns in May 2023.", PAY, "Syldavia"),
    ("A data engineer in Ruritania earned a median of 84,500 crowns in May 2022.", PAY, "2022"),
    ("Jobs for model builders are projected to grow by 34% between 2024 and 2030.", GROWTH, "2030"),
    ("Employment of model builders is projected to shrink 34 percent from 2024 to 2034.", GROWTH, "direction"),
    ("Most employers require a doctorate for applied work.", DEGREE, "negate"),
    ("Analysts do not use SQL every day.", SKILLS, "negate"),
    ("Employment of model builders is projected to grow $34 from 2024 to 2034.", GROWTH, "$34"),
    ("Analysts spend most of their mornings in meetings with the finance department.", SKILLS, "too little"),
]


@pytest.mark.parametrize(("claim", "quote"), PARAPHRASES)
def test_an_honest_paraphrase_is_supported(claim: str, quote: str) -> None:
    judged = verify(claim, [quote])
    assert judged.verdict == "supported", judged
    assert judged.reasons == ()


# One change each: claim, quote, what the reason tells of.
TURNED = [
    ("Only adults may enter the hall.", "Not only adults may enter the hall.", "only"),
    ("The rent is paid by the day.", "The rent is paid by the week.", "count by"),
    ("About 15 of the seats are free.", "About 15% of the seats are free.", "number"),
    ("Rents fell by 12%.", "Rents fell by 12 percentage points.", "number"),
    ("Prices in Lund are higher than in Aros.", "Prices in Aros are higher than in Lund.", "exchanges"),
    ("The cook reports to the waiter.", "The waiter reports to the cook.", "exchanges"),
    ("In 1990, 40% of boats had a radio.", "In 1980, 40% of boats had a radio; in 1990 it was 70%.", "another year"),
    ("All boats have a radio.", "Some boats have a radio.", "all or only"),
    ("Most boats have a radio.", "A few boats have a radio.", "most"),
    ("Owners must paint the hull.", "Owners may paint the hull.", "duty"),
    ("The boat sails on Tuesday.", "The boat sails on Monday.", "Tuesday"),
    ("Tickets with a stamp are valid.", "Tickets without a stamp are valid.", "opposite"),
    ("A doctorate is needed on board.", "A master's degree is needed on board.", "another"),
]
SAME = [
    ("Prices in Lund are lower than in Aros.", "Prices in Aros are higher than in Lund."),
    ("The waiter was paid by the cook in March.", "The cook paid the waiter in March."),
    ("Smoking is forbidden on deck.", "Smoking is not allowed on deck."),
    ("A third of the boats have a radio.", "33 percent of the boats have a radio."),
    ("The trip takes 90 minutes.", "The trip takes one hour and a half, that is 1.5 hours."),
    ("At most three boats may leave.", "No more than three boats may leave."),
    ("People cannot breathe under water.", "Fish breathe under water, which people cannot."),
    ("Guests need no ticket for the pier.", "Guests need a ticket for the boat, but not for the pier."),
]


@pytest.mark.parametrize(("claim", "quote", "why"), FALSE + TURNED)
def test_a_changed_claim_is_refused_with_its_reason(claim: str, quote: str, why: str) -> None:
    judged = verify(claim, [quote])
    assert judged.verdict == "unsupported", judged
    assert any(why in reason for reason in judged.reasons), judged.reasons


@pytest.mark.parametrize(("claim", "quote"), SAME)
def test_the_same_said_the_other_way_round_is_supported(claim: str, quote: str) -> None:
    assert verify(claim, [quote]).verdict == "supported", verify(claim, [quote])


@pytest.mark.parametrize("quote", [PAY, GROWTH, DEGREE, SKILLS])
def test_the_words_themselves_are_supported_whatever_their_case_and_spacing(quote: str) -> None:
    assert verify("  " + quote.upper().replace(" ", "  "), ["Something else.", quote]).score == 1.0


def test_words_that_the_quote_takes_something_out_of_are_not_its_own() -> None:
    quote = "Fares rose in every district except Northgate, where they stayed as they were."
    assert verify("Fares rose in every district except Northgate.", [quote]).score == 1.0
    assert verify("Fares rose in every district.", [quote]).verdict == "unsupported"


def test_a_figure_must_stand_whole() -> None:
    assert verify("Model builders grow 4 percent from 2024 to 2034.", [GROWTH]).verdict == "unsupported"


@pytest.mark.parametrize(("claim", "evidence"), [("", [PAY]), ("… _", [PAY]), (PAY, []), (PAY, ["  "])])
def test_nothing_supports_nothing(claim: str, evidence: list[str]) -> None:
    judged = verify(claim, evidence)
    assert (judged.verdict, judged.score) == ("unsupported", 0.0)


def test_signals_worked_by_hand() -> None:
    """Both terms stand in the evidence, each in another sentence: full together, less alone, no neighbours."""
    signals = measure_document("Spreadsheets, statistics.", ["We like spreadsheets.", "They like statistics."])
    assert signals.recall == pytest.approx(1.0)
    assert signals.best_four == pytest.approx(1.0)
    assert 0 < signals.best < 1
    assert signals.bigrams == 0.0
    assert signals.numbers_missing == 0.0


def test_the_same_input_gives_the_same_judgement() -> None:
    assert len({verify(claim, [quote]) for claim, quote, _ in FALSE for _ in range(3)}) == len(FALSE)


@pytest.mark.parametrize(
    ("claim", "quote", "verdict"),
    [
        (
            "There are antibodies in breast milk that newborns are not yet able to make.",
            "Breast milk contains antibodies that a newborn cannot yet produce.",
            "supported",
        ),
        (
            "The agency places 400 engineers a year and offers free language lessons to their families.",
            "The agency places 400 engineers a year, of whom 65 come from abroad.",
            "unsupported",
        ),
    ],
)
def test_what_words_alone_tell_is_not_read_by_the_model(claim: str, quote: str, verdict: str) -> None:
    meaning.nearest.cache_clear()
    assert verify(claim, [quote]).verdict == verdict
    assert meaning.nearest.cache_info().misses == 0


def test_what_words_alone_leave_open_is() -> None:
    meaning.nearest.cache_clear()
    assert verify("The old bridge was pulled down by workmen.", ["Labourers pulled down the old bridge."]).score > 0.5
    assert meaning.nearest.cache_info().misses == 1
