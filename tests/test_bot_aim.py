"""On pages that look alike the job's own page is chosen first, then the line that tells what was asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.advisor import Advisor, open_advisor
from corpus.settings import Settings
from ingest.pipeline import run

PAGE = """<html><head><title>{title} | Trades of Ruritania</title></head><body><h1>{title}</h1>
<table><tr><th colspan="2">Quick facts</th></tr><tr><th>Median pay</th><td>${pay} a year</td></tr>
<tr><th>Entry-level education</th><td>{education}</td></tr><tr><th>Number of jobs</th><td>{jobs}</td></tr></table>
<h2>Pay</h2><p>The median annual wage for {lower} was ${pay} in 2024.</p>
<table><tr><th>Region</th><th>Median</th></tr><tr><td>Northmark</td><td>${north}</td></tr>
<tr><td>Southmark</td><td>${south}</td></tr></table>
<h2>Similar trades</h2><table><tr><th>Trade</th><th>Education</th><th>Median pay</th></tr>{others}</table>
</body></html>"""
TRADES = {
    "Barge Wardens": (41_310, "School certificate", 5_210),
    "Lace and Ribbon Makers": (38_470, "Apprentice's letter", 2_940),
    "Licensed Training Scribes": (47_720, "Master's letter", 3_460),
    "Bell Tuners": (52_890, "Bachelor's degree", 1_130),
}


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Advisor]:
    folder: Path = tmp_path_factory.mktemp("handbook")
    for title, (pay, education, jobs) in TRADES.items():
        others = "".join(
            f"<tr><td>{other}</td><td>{told[1]}</td><td>${told[0]:,}</td></tr>"
            for other, told in TRADES.items()
            if other != title
        )
        page = PAGE.format(
            title=title, lower=title.lower(), pay=f"{pay:,}", education=education, jobs=f"{jobs:,}",
            north=f"{pay - 990:,}", south=f"{pay + 880:,}", others=others,
        )  # fmt: skip
        (folder / f"{title}.html").write_text(page, encoding="utf-8")
    run([str(folder)], folder / "library", settings)
    advisor = open_advisor(folder / "library", settings)
    yield advisor
    advisor.library.close()


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How much do barge wardens make?", "$41,310"),
        ("ribbon makers salary", "$38,470"),
        ("How much do bell tuners earn in Southmark?", "$53,770"),
        ("How many bell tuners are there?", "1,130"),
        ("How much do licensed training scribes make?", "$47,720"),
        ("what qualifications do lace makers need", "Apprentice's letter"),
    ],
)
def test_the_line_that_tells_it_comes_from_the_jobs_own_page(handbook: Advisor, question: str, figure: str) -> None:
    answer = handbook.invoke(question)
    assert answer.status == "answered"
    assert figure in answer.claims[0].text
    assert len({citation.document_id for citation in answer.citations}) == 1
    assert len(answer.answer.split()) <= 60


def test_two_jobs_are_compared_by_their_own_figures(handbook: Advisor) -> None:
    answer = handbook.invoke("Who earns more, barge wardens or bell tuners?")
    assert "$41,310" in answer.answer
    assert "$52,890" in answer.answer
    assert "$38,470" not in answer.answer


def test_a_job_without_a_page_is_declined(handbook: Advisor) -> None:
    assert handbook.invoke("How much do kelp tuners earn?").status == "abstained"
