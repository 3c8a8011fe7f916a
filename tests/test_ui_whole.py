"""The whole system: a library of three guides, the real advisor, real HTTP, a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.settings import Settings
from tests.contract import violations
from tests.web import client, serving
from ui.opening import open_advisor_for

QUESTIONS = (
    "Which entry-level jobs lead into data work?",
    "How much does a data engineer earn, and how fast is employment growing?",
    "do i need a degree",
    "wich mathmatics shoud I lern first",
    "How do interviews run?",
    "What is the capital of Mongolia?",
    "<script>alert(1)</script> [1] https://evil.example",
    "a\x00b \u202e how much does a data analyst earn?",
)


@pytest.fixture(scope="module")
def address(library: Path, settings: Settings) -> Iterator[str]:
    with serving(settings, lambda: open_advisor_for(library, settings)) as at:
        yield at


@pytest.fixture
def web(address: str) -> Iterator[httpx.Client]:
    with client(address) as asking:
        yield asking


def untimed(body: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in body.items() if name != "timings_ms"})


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_always_holds_over_http(web: httpx.Client, question: str) -> None:
    body = web.post("/ask", json={"question": question}).json()
    assert violations(body, lambda document_id: web.get(f"/documents/{document_id}").json()) == []
    again = web.post("/ask", json={"question": question}).json()
    assert untimed(again) == untimed(body)
    stream = web.post("/ask/stream", json={"question": question}).text.strip().split("\n\n")
    name, data = stream[-1].split("\n")
    assert name == "event: done"
    assert untimed(json.loads(data.removeprefix("data: "))) == untimed(body)
    supported = [claim for claim in body["claims"] if claim["verdict"] == "supported"]
    assert sum(block.startswith("event: claim") for block in stream) == len(supported)


def test_a_follow_up_and_a_situation_are_understood(web: httpx.Client) -> None:
    first = web.post("/ask", json={"question": "How much does a data engineer earn?"}).json()
    body = web.post(
        "/ask",
        json={
            "question": "And a statistician?",
            "history": [
                {"role": "user", "content": "How much does a data engineer earn?"},
                {"role": "assistant", "content": first["answer"]},
            ],
            "situation": {"region": "Ruritania"},
        },
    ).json()
    assert body["situation"]["region"] == "Ruritania"
    assert "73,900" in body["answer"]


def test_generated_without_a_model_is_extractive_with_a_notice(web: httpx.Client) -> None:
    body = web.post("/ask", json={"question": QUESTIONS[0], "mode": "generated"}).json()
    assert body["mode"] == "extractive"
    assert body["notices"]


def test_health_counts_the_guides(web: httpx.Client) -> None:
    body = web.get("/health").json()
    assert body["documents"] == 3
    assert body["passages"] >= 3
    assert body["generation"] == web.post("/ask", json={"question": QUESTIONS[0]}).json()["generation"]


def test_a_search_finds_passages_that_stand_at_their_offsets(web: httpx.Client) -> None:
    body = web.get("/search", params={"question": "How much does a data engineer earn?", "k": 3}).json()
    assert body["answered"] is True
    assert 0 < body["answerable"] <= 1
    assert len(body["hits"]) == 3
    assert "84,500 crowns" in body["hits"][0]["text"]
    scores = [hit["score"] for hit in body["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in body["hits"]:
        text = web.get(f"/documents/{hit['document_id']}").json()["text"]
        assert text[hit["start"] : hit["end"]] == hit["text"]
        assert hit["sentences"]
        assert all(hit["start"] <= one["start"] < one["end"] <= hit["end"] for one in hit["sentences"])
    # How many are shown changes nothing of what was found.
    first = web.get("/search", params={"question": "How much does a data engineer earn?", "k": 1}).json()
    assert first == {**body, "hits": body["hits"][:1]}
    unknown = web.get("/search", params={"question": "What is the capital of Mongolia?"}).json()
    assert unknown["answered"] is False
    assert web.get("/search", params={"question": "?!"}).status_code == 422


def test_the_list_of_documents_has_pages(web: httpx.Client) -> None:
    whole = web.get("/documents").json()
    assert [one["source"] for one in whole["documents"]] == ["first-steps.md", "interviews.txt", "pay.md"]
    parts, offset = [], 0
    while offset is not None:
        page = web.get("/documents", params={"offset": offset, "limit": 2}).json()
        parts += page["documents"]
        offset = page["next_offset"]
    assert parts == whole["documents"]


@pytest.mark.browser
def test_every_mark_of_an_answer_opens_its_own_words(chromium: str, address: str, web: httpx.Client) -> None:
    from playwright.sync_api import sync_playwright

    body = web.post("/ask", json={"question": QUESTIONS[0]}).json()
    quotes = {str(cited["number"]): cited["quote"] for cited in body["citations"]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(address)
        page.fill("#wm-box textarea", QUESTIONS[0])
        page.keyboard.press("Enter")
        page.wait_for_selector(".wm-guides")
        marks = page.locator(".wm-text .wm-mark")
        assert marks.count() >= len(quotes)
        for place in range(marks.count()):
            number = marks.nth(place).inner_text()
            marks.nth(place).click()
            page.locator(".wm-number", has_text=number).wait_for()
            page.wait_for_selector("#wm-panel mark")
            shown = "".join(page.locator("#wm-panel mark").all_inner_texts())
            assert "".join(shown.split()) == "".join(quotes[number].split())
        browser.close()
