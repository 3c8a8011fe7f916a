"""The page of a run in a real browser: narrow and dark, filtered, opened, and fetching nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.answer import Answer, Claim
from corpus.questions import Case, QuestionSet
from evals import control_world as world
from evals import record, report
from evals.control_world import Replies, asked, case
from evals.run import Control, evaluate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>" + "long" * 80
RIGHT = world.answered(("baking", "The bakery on Mill Street employs 25 people."))
TAKEN = replace(RIGHT, claims=(*RIGHT.claims, Claim("It has 26.", (), "unsupported", ("26 is not cited",))))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    pairs: list[tuple[Case, Answer | None]] = [(case(f"q{i}", "answered", ["25"]), TAKEN) for i in range(6)]
    pairs += [(replace(case("hostile"), question=HOSTILE, tags=(HOSTILE,)), None)]
    pairs = [(replace(each, tags=(*each.tags, "all of them")), answer) for each, answer in pairs]
    outcomes = {each.id: replace(asked(each, answer, HOSTILE), certainty=0.7) for each, answer in pairs}
    sets = [QuestionSet("set.jsonl", tuple(each for each, _ in pairs), "x")]
    run = evaluate(Replies(outcomes), sets, [Control("one", True, HOSTILE)])
    report.write(record.of(run, world.World()), folder)
    return folder / "report.html"


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "narrow and dark"])
def page(browser: Browser, written: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened = context.new_page()
    asked_for: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda seen: asked_for.append(seen.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.on("dialog", lambda dialog: faults.append(dialog.message))
    opened.goto(written.as_uri())
    yield opened
    context.close()
    assert asked_for == [written.as_uri()]
    assert faults == []


def test_nothing_runs_over_the_edge_and_all_plots_are_there(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    captions = page.locator("figcaption b").all_inner_texts()
    assert captions == ["Passed, by tag", "Latency", "Calibration", "Risk against coverage"]


def test_cases_are_filtered_and_opened(page: Page) -> None:
    shown = page.locator("details.case:not([hidden])")
    assert page.inner_text("#count") == "7 of 7"
    page.select_option("#pick", "passed=false")
    assert page.inner_text("#count") == "1 of 7"
    page.select_option("#pick", "tags=all of them")
    page.fill("#words", "about Q3")
    assert (page.inner_text("#count"), shown.count()) == ("1 of 7", 1)
    shown.locator("> summary").click()
    assert shown.locator("mark").inner_text() == "The bakery on Mill Street employs 25 people."
    colours = shown.locator(".claim").evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)")
    assert len(set(colours)) == 2
    assert "26 is not cited" in shown.locator(".claim.bad").inner_text()


def test_text_can_be_read_on_its_ground(page: Page) -> None:
    """WCAG's 4.5 to 1, of all that is text."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate(_CONTRAST) >= 4.5


_CONTRAST = """() => {
const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(v => v / 255)
  .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
const ground = each => { for (let at = each; at; at = at.parentElement) {
  const colour = getComputedStyle(at).backgroundColor; if (colour !== 'rgba(0, 0, 0, 0)') return colour; }
  return 'rgb(255, 255, 255)'; };
return Math.min(...[...document.querySelectorAll('body *')].filter(each => !each.closest('svg, script, select, option')
  && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())).map(each => {
  const [a, b] = [light(getComputedStyle(each).color), light(ground(each))].sort((x, y) => y - x);
  return (a + .05) / (b + .05); })); }"""
