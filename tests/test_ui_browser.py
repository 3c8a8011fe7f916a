"""The page in a real browser: ask, see the answer come, open a source at its words; narrow, dark, and under attack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.answer import Situation
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import serving, wait_for
from ui.feedback import Cited, kept

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_IN_VIEW = """mark => { const at = mark.getBoundingClientRect();
const box = mark.closest('.wm-reading').getBoundingClientRect();
return at.top >= box.top && at.bottom <= Math.min(box.bottom, innerHeight) && at.left >= 0 && at.right <= innerWidth;
}"""
# Counts, in the page, how many marks of the newest answer have been seen at once.
_WATCH = """() => { window.counts = []; new MutationObserver(() => {
const answers = document.querySelectorAll('.wm-answer'), last = answers[answers.length - 1];
const n = last ? last.querySelectorAll('.wm-text .wm-mark').length : 0;
if (n !== window.counts[window.counts.length - 1]) window.counts.push(n);
}).observe(document.body, {childList: true, subtree: true, characterData: true}); }"""


# What the keyboard stands on: its name, and whether that can be seen.
_FOCUSED = """() => { const at = document.activeElement, style = getComputedStyle(at);
const field = at.closest('.input-container'), ring = field ? getComputedStyle(field).borderColor : '';
return {name: at.placeholder || at.textContent.trim(),
ring: (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || ring === 'rgb(15, 107, 99)'}; }"""


@pytest.fixture(scope="module")
def fake() -> FakeAdvisor:
    return FakeAdvisor(pause=0.1)


@pytest.fixture(scope="module")
def address(settings: Settings, fake: FakeAdvisor) -> Iterator[str]:
    with serving(settings, lambda: fake) as at:
        yield at


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The chat, opened; afterwards: no script failed, and nothing but this server was asked."""
    options: dict[str, Any] = getattr(request, "param", {})
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **options})
    opened = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda seen: asked.append(seen.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.goto(address)
    opened.wait_for_selector("#wm-box textarea")
    yield opened
    context.close()
    foreign = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert foreign == []
    assert faults == []


def ask(page: Page, question: str) -> None:
    page.fill("#wm-box textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".wm-guides")


def test_an_answer_streams_and_a_mark_opens_its_source(page: Page) -> None:
    page.evaluate(_WATCH)
    ask(page, "How do I learn to sail?")
    counts = page.evaluate("window.counts")
    assert counts[-1] == 4
    assert len({1, 2, 3} & set(counts)) >= 2, "claims came one after the other; a busy browser may draw two at once"
    assert page.locator(".wm-question").inner_text() == "How do I learn to sail?"
    page.locator(".wm-text .wm-mark").nth(1).click()
    mark = page.wait_for_selector("#wm-panel mark")
    assert mark is not None
    assert mark.inner_text() == "Most beginners need twelve weeks."
    assert mark.evaluate(_IN_VIEW)
    panel = page.locator("#wm-panel").inner_text()
    for part in (
        "Learning to sail 🛶 by yourself",
        "What to learn first",
        "Ada Example · Harbour School",
        "2025-02-18",
    ):
        assert part in panel
    link = page.locator("#wm-panel .wm-link a")
    words = "Most%20beginners%20need%20twelve%20weeks."
    assert link.get_attribute("href") == f"https://harbour.example/sailing#:~:text={words}"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_mark_shows_what_it_stands_on_to_a_pointer_and_to_the_keyboard(page: Page) -> None:
    ask(page, "How do I learn to sail?")
    marks = page.locator(".wm-text .wm-mark")
    marks.nth(0).hover()
    tip = page.locator("#wm-tip")
    tip.wait_for()
    for part in (
        "Learn to read the wind before you learn to steer.",
        "Learning to sail 🛶 by yourself",
        "What to learn first",
        "Ada Example · Harbour School · General · 2025-02-18",
        "The wind book Sea Press, 2019",
    ):
        assert part in tip.inner_text()
    tip.hover()
    page.wait_for_timeout(300)
    assert tip.is_visible()  # what it shows can be pointed at
    page.mouse.move(5, 400)
    tip.wait_for(state="hidden")
    marks.nth(0).focus()
    page.keyboard.press("Tab")
    tip.wait_for()
    assert "Most beginners need twelve weeks." in tip.inner_text()
    assert marks.nth(1).get_attribute("aria-label") == (
        "Source 2: Learning to sail 🛶 by yourself › What to learn first"
    )
    assert marks.nth(1).get_attribute("aria-describedby") == "wm-tip"
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")


def test_shared_claims_old_figures_and_sides_that_differ_are_told_apart(page: Page, fake: FakeAdvisor) -> None:
    fake.differ = True
    try:
        ask(page, "What does sailing cost?")
    finally:
        fake.differ = False
    sides = page.locator(".wm-sides li")
    assert page.locator(".wm-differ").inner_text() == "Guides disagree, and speak of different periods:"
    assert "figure from 2012" in sides.nth(0).inner_text()
    assert "2 guides say this, all from one work" in sides.nth(1).inner_text()
    sides.nth(0).locator(".wm-mark").hover()
    page.wait_for_selector("#wm-tip .wm-old")


def test_the_panel_is_opened_and_left_by_keyboard(page: Page) -> None:
    ask(page, "How do I learn to sail?")
    page.locator(".wm-text .wm-mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#wm-panel mark")
    assert "The wind book" in page.locator("#wm-panel .wm-references").inner_text()
    assert page.evaluate("document.activeElement.id") == "wm-panel"
    page.keyboard.press("Escape")
    page.wait_for_selector("#wm-panel", state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "1"


def test_a_suggestion_is_the_next_question_and_a_new_conversation_begins_anew(page: Page, fake: FakeAdvisor) -> None:
    page.get_by_text("I'm starting from zero").click()
    page.wait_for_selector(".wm-guides")
    page.get_by_role("button", name="Which knots come first?").click()
    page.locator(".wm-guides").nth(1).wait_for()
    assert fake.asked[-1].text == "Which knots come first?"
    assert [turn.role for turn in fake.asked[-1].history] == ["user", "assistant"]
    assert page.locator(".options button").count() == 2
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector("#wm-welcome")
    assert page.locator(".wm-question").count() == 0
    ask(page, "And now?")
    assert fake.asked[-1].history == ()


def test_a_question_asked_back_has_its_readings_as_buttons(page: Page, fake: FakeAdvisor) -> None:
    fake.clarify = True
    try:
        page.fill("#wm-box textarea", "sailing?")
        page.keyboard.press("Enter")
        page.wait_for_selector(".wm-clarify")
        assert page.locator(".options button").all_inner_texts() == ["Sailing a dinghy", "Sailing a yacht"]
        page.get_by_role("button", name="Sailing a yacht").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".wm-guides")
    finally:
        fake.clarify = False
    assert fake.asked[-1].text == "Sailing a yacht"
    assert fake.asked[-1].history[0].content == "sailing?"
    assert page.get_by_role("button", name="Sailing a yacht").count() == 0


def test_the_card_shows_what_was_understood_and_is_corrected_and_cleared(page: Page, fake: FakeAdvisor) -> None:
    card = page.locator("#wm-about-you > button")
    card.click()
    page.get_by_label("Where you live").fill("Ruritania")
    page.get_by_label("Hours a week to learn").fill("5")
    ask(page, "I'm a nurse. How do I learn to sail?")
    assert fake.asked[-1].situation == Situation(region="Ruritania", hours_per_week=5)
    assert "About you: nurse · Ruritania · 5 hours a week" in card.inner_text()
    card.click()
    page.get_by_label("What you do now").fill("baker")
    page.fill("#wm-box textarea", "And then?")
    page.locator("#wm-box .submit-button").click()
    page.locator(".wm-guides").nth(1).wait_for()
    assert fake.asked[-1].situation == Situation("baker", "Ruritania", 5)
    card.click()
    page.get_by_role("button", name="Clear what I told").click()
    page.get_by_text("About you (optional").wait_for()
    assert page.get_by_label("What you do now").input_value() == ""
    page.reload()
    page.wait_for_selector("#wm-box textarea")
    assert page.evaluate("JSON.stringify([localStorage.length, document.cookie])") == '[0,""]'


def test_stop_keeps_what_is_there_and_frees_the_box(page: Page, fake: FakeAdvisor) -> None:
    fake.pause = 1.0
    try:
        page.fill("#wm-box textarea", "Slowly, please?")
        page.keyboard.press("Enter")
        page.wait_for_selector(".wm-text .wm-mark")
        page.locator("#wm-box .stop-button").click()
        page.wait_for_selector("#wm-box .submit-button")
        assert page.locator(".wm-guides").count() == 0
        wait_for(lambda: fake.left == len(fake.asked))  # the work has stopped too
    finally:
        fake.pause = 0.1
    ask(page, "Again?")


def test_the_last_question_is_asked_again_or_edited(page: Page, fake: FakeAdvisor) -> None:
    ask(page, "How do I learn to sail?")
    page.fill("#wm-box textarea", "And in winter?")
    page.keyboard.press("Enter")
    page.locator(".wm-guides").nth(1).wait_for()
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".wm-coming")
    page.locator(".wm-guides").nth(1).wait_for()
    assert [asked.text for asked in fake.asked[-2:]] == ["And in winter?"] * 2
    assert [len(asked.history) for asked in fake.asked[-2:]] == [2, 2]
    page.get_by_role("button", name="Edit the question").click()
    page.locator(".wm-question").nth(1).wait_for(state="detached")
    box = page.locator("#wm-box textarea")
    assert box.input_value() == "And in winter?"
    assert box.evaluate("box => box === document.activeElement")
    box.fill("And in summer?")
    box.press("Enter")
    page.locator(".wm-guides").nth(1).wait_for()
    assert len(fake.asked[-1].history) == 2
    assert page.locator(".wm-question").all_inner_texts() == ["How do I learn to sail?", "And in summer?"]


def test_an_answer_is_copied_and_the_conversation_saved(page: Page, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How do I <b>learn</b> to sail?")
    page.get_by_role("button", name="Copy with sources").click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("## How do I \\<b\\>learn\\</b\\> to sail?")
    for part in (
        "Learn to read the wind before you learn to steer. [1] Most beginners need twelve weeks. [2]",
        "- Knots: the bowline and the cleat hitch [3]",
        "**Not in these guides:** the price of a berth",
        "- [2] Learning to sail 🛶 by yourself · What to learn first · Ada Example, Harbour School, General, ",
        "  > Most beginners need twelve weeks.\n  https://harbour.example/sailing",
        "  - rests on: The wind book, Sea Press, 2019 https://sea.example/wind",
    ):
        assert part in copied
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as Markdown").click()
    assert copied.strip() in Path(saving.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save to print").click()
    saved = tmp_path / "waymark.html"
    saving.value.save_as(saved)
    other = page.context.new_page()
    asked: list[str] = []
    other.on("request", lambda seen: asked.append(seen.url))
    other.goto(saved.as_uri())
    assert other.locator("h2").inner_text() == "How do I <b>learn</b> to sail?"
    assert "Most beginners need twelve weeks." in other.locator("li#s0-2 blockquote").inner_text()
    assert other.locator("section a.wm-mark").first.get_attribute("href") == "#s0-1"
    assert other.locator("script, img").count() == 0
    assert other.evaluate("window.hacked") is None
    assert asked == [saved.as_uri()]


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 390, "height": 844}},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
        {"color_scheme": "dark"},
    ],
    indirect=True,
)
def test_it_works_narrow_and_dark(page: Page) -> None:
    ask(page, "How do I learn to sail?")
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#wm-box").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= page.evaluate("innerHeight")
    # What is known of a person may take two lines, which begin below each other.
    assert page.locator("#wm-about-you > button").evaluate("at => getComputedStyle(at).textAlign") == "left"
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    background = page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 200) == dark
    page.locator(".wm-text .wm-mark").nth(1).click()
    mark = page.wait_for_selector("#wm-panel mark")
    assert mark is not None
    assert mark.evaluate(_IN_VIEW)


@pytest.fixture(scope="module")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback") / "opinions.sqlite"


@pytest.fixture(scope="module")
def listening(settings: Settings, opinions: Path) -> Iterator[str]:
    """A server that keeps what people think of its answers."""
    with serving(replace(settings, feedback=opinions), FakeAdvisor) as at:
        yield at


def test_a_thumb_and_its_reason_are_kept_once_they_are_sent(page: Page, listening: str, opinions: Path) -> None:
    ask(page, "How do I learn to sail?")
    assert page.get_by_role("button", name="Helpful").count() == 0  # nothing is kept unless it is switched on
    other = page.context.new_page()
    other.goto(listening)
    ask(other, "How do I learn to sail?")
    other.get_by_role("button", name="Not helpful").click()
    other.get_by_label("Something is missing").check()
    other.get_by_label("Your note").fill("no word of safety")
    assert faults_of(other) == []
    assert not opinions.exists()  # a thumb alone sends nothing
    other.get_by_role("button", name="Send").click()
    other.locator("#wm-note").wait_for(state="hidden")
    (opinion,) = kept(opinions)
    assert (opinion.thumb, opinion.reason, opinion.note) == ("down", "Something is missing", "no word of safety")
    assert (opinion.question, opinion.status, opinion.history) == ("How do I learn to sail?", "partial", ())
    assert opinion.cited[1] == Cited("sailing.md", "Most beginners need twelve weeks.")
    assert other.get_by_role("button", name="Not helpful").count() == 0


def faults_of(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, the parts that Gradio draws included: impact, rule, element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['impact']}: {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(
    "page", [{}, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}], indirect=True
)
def test_it_is_accessible_in_every_state(page: Page, fake: FakeAdvisor) -> None:
    assert faults_of(page) == []
    fake.differ = True
    try:
        ask(page, "What does sailing cost?")
    finally:
        fake.differ = False
    ask(page, "How do I learn to sail?")
    page.locator(".wm-handon").wait_for()
    page.locator("#wm-about-you > button").click()
    page.get_by_label("What you do now").wait_for()
    assert faults_of(page) == []
    page.locator("#wm-about-you > button").click()
    page.locator(".wm-text .wm-mark").first.click()
    page.wait_for_selector("#wm-panel mark")
    # It slides in, and colours are measured where it stands.
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
    assert faults_of(page) == []


def test_a_small_fault_is_found(page: Page) -> None:
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any(fault.startswith("critical: button-name") for fault in faults_of(page))


def test_the_keyboard_alone_reaches_everything_in_the_order_it_is_read(page: Page) -> None:
    ask(page, "How do I learn to sail?")
    page.locator("#wm-again").focus()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
        if reached[-1]["name"].startswith("About you"):
            break
    names = [stop["name"] for stop in reached]
    wanted = ["1", "What does a dinghy cost?", "Ask again", "Save to print", "Ask about work in data or AI"]
    places = [names.index(name) for name in wanted]
    assert places == sorted(places)
    assert [stop["name"] for stop in reached if not stop["ring"]] == []


def test_an_answer_is_heard_once_when_it_is_whole(page: Page, fake: FakeAdvisor) -> None:
    log = page.get_by_role("log")
    page.fill("#wm-box textarea", "How do I learn to sail?")
    page.keyboard.press("Enter")
    page.wait_for_selector('#wm-chat [role="log"][aria-busy="true"]')
    page.wait_for_selector(".wm-guides")
    page.wait_for_selector('#wm-chat [role="log"][aria-busy="false"]')
    assert log.get_attribute("aria-live") == "polite"


def test_hostile_text_runs_nowhere(page: Page) -> None:
    ask(page, "<img src=x onerror='window.hacked=1'> ![x](https://evil.example/x.png) <script>window.hacked=1</script>")
    page.locator(".wm-text .wm-mark").nth(3).click()
    mark = page.wait_for_selector("#wm-panel mark")
    assert mark is not None
    assert mark.inner_text().startswith("<script>window.hacked=1</script><img src=x")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#wm-chat img, #wm-chat script, #wm-panel img, #wm-panel script").count() == 0
    links = page.eval_on_selector_all("#wm-chat a", "links => links.map(link => link.getAttribute('href'))")
    assert all(link.startswith("#cite-") or link == "https://instructors.example/find" for link in links)


def test_a_guide_that_has_changed_is_not_marked(page: Page) -> None:
    ask(page, "How do I learn to sail?")
    page.evaluate("""() => { const mark = document.querySelector('.wm-text .wm-mark');
    mark.setAttribute('href', mark.getAttribute('href').replace(/-[0-9a-f]{8}-/, '-00000000-')); }""")
    page.locator(".wm-text .wm-mark").first.click()
    page.wait_for_selector(".wm-changed")
    assert page.locator("#wm-panel mark").count() == 0


def test_the_description_page_asks_no_other_host(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    assert page.locator("h2").count() == 11
