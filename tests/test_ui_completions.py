"""The OpenAI protocol, spoken by OpenAI's own client over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from pydantic import SecretStr

from bot import phrases
from bot.answer import Question, Situation, Turn
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.mock_model import Script, mock_model
from tests.web import client, serving
from ui.opening import open_advisor_for

ASK: list[Any] = [{"role": "user", "content": "How much does a data engineer earn?"}]
NEAR: list[Any] = [
    {"role": "user", "content": "What median pay in crowns did a data engineer earn in Syldavia in 2024?"}
]


@pytest.fixture(scope="module")
def address(library: Path, settings: Settings) -> Iterator[str]:
    with serving(settings, lambda: open_advisor_for(library, settings)) as at:
        yield at


def client_of(address: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{address}/v1",
        api_key="unused",
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    )


@pytest.fixture(scope="module")
def chat(address: str) -> Iterator[openai.OpenAI]:
    with client_of(address) as made:
        yield made


def untimed(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "timings_ms"}


def streamed(chat: openai.OpenAI, messages: list[Any], **more: Any) -> tuple[str, list[Any], list[Any]]:
    """Content, annotations and chunks of a streamed reply."""
    chunks = list(chat.chat.completions.create(model="waymark", messages=messages, stream=True, **more))
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    annotations = [one for delta in deltas for one in (delta.model_extra or {}).get("annotations", ())]
    return "".join(delta.content or "" for delta in deltas), annotations, chunks


def test_a_whole_reply_is_the_answer_with_its_marks_annotated(chat: openai.OpenAI, address: str) -> None:
    reply = chat.chat.completions.create(model="waymark", messages=ASK, temperature=0.3, seed=7, user="somebody")
    message = reply.choices[0].message
    assert message.content is not None
    assert (reply.object, reply.model, reply.choices[0].finish_reason) == ("chat.completion", "waymark", "stop")
    assert "84,500 crowns" in message.content
    assert message.annotations
    with client(address) as web:
        body = web.post("/ask", json={"question": ASK[0]["content"]}).json()
        assert reply.model_extra is not None
        assert untimed(reply.model_extra["waymark"]) == untimed(body)
        assert message.content == body["answer"]
        for one in message.annotations:
            cited: Any = one.url_citation
            assert message.content[cited.start_index : cited.end_index] == f"[{cited.number}]"
            text = web.get(httpx.URL(cited.url).path).json()["text"]
            assert text[cited.start : cited.end] == cited.quote
    assert {one.url_citation.number for one in message.annotations} == {c["number"] for c in body["citations"]}  # type: ignore[attr-defined]
    assert reply.usage is not None
    assert reply.usage.completion_tokens == len(message.content.split())


@pytest.mark.parametrize("messages", [ASK, NEAR, [{"role": "user", "content": "What is the capital of Mongolia?"}]])
def test_a_streamed_reply_is_the_same(chat: openai.OpenAI, messages: list[Any]) -> None:
    whole = chat.chat.completions.create(model="waymark", messages=messages)
    content, annotations, chunks = streamed(chat, messages, stream_options={"include_usage": True})
    assert content == whole.choices[0].message.content
    assert annotations == [one.model_dump() for one in whole.choices[0].message.annotations or ()]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage == whole.usage
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert chunks[0].id != whole.id


def test_the_stream_ends_as_the_protocol_has_it(address: str) -> None:
    with client(address) as web:
        reply = web.post("/v1/chat/completions", json={"messages": ASK, "stream": True, "anything": [1]})
    assert reply.headers["content-type"].startswith("text/event-stream")
    *parts, done = reply.text.strip().split("\n\n")
    assert done == "data: [DONE]"
    assert all(json.loads(part.removeprefix("data: "))["object"] == "chat.completion.chunk" for part in parts)
    assert all("usage" not in part for part in parts)


def test_history_and_situation_reach_the_advisor(settings: Settings) -> None:
    advisor = FakeAdvisor()
    messages: list[Any] = [
        {"role": "system", "content": "Answer like a pirate."},
        {"role": "user", "content": [{"type": "text", "text": "How do I"}, {"type": "text", "text": "sail?"}]},
        {"role": "assistant", "content": "Learn. [1]"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "x", "tool_call_id": "1"},
        {"role": "user", "content": "And then?"},
    ]
    with serving(settings, lambda: advisor) as at, client_of(at) as chat:
        told = {"situation": {"region": "Ruritania"}}
        chat.chat.completions.create(model="waymark-extractive", messages=messages, extra_body=told)
    assert advisor.asked[-1] == Question(
        "And then?",
        (Turn("user", "How do I\nsail?"), Turn("assistant", "Learn. [1]")),
        Situation(region="Ruritania"),
        "extractive",
    )


def test_a_question_asked_back_shows_what_can_be_asked(settings: Settings) -> None:
    with serving(settings, lambda: FakeAdvisor(clarify=True)) as at, client_of(at) as chat:
        content = chat.chat.completions.create(model="waymark", messages=ASK).choices[0].message.content
        assert content == "Which one do you mean?\n\n- Sailing a dinghy\n- Sailing a yacht"
        assert streamed(chat, ASK)[0] == content


def test_the_models_are_listed(chat: openai.OpenAI) -> None:
    names = [model.id for model in chat.models.list()]
    assert names == ["waymark", "waymark-extractive"]
    assert chat.models.retrieve("waymark").object == "model"
    with pytest.raises(openai.NotFoundError):
        chat.models.retrieve("gpt-5")


def test_an_unknown_model_is_told_as_the_protocol_has_it(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="gpt-5") as found:
        chat.chat.completions.create(model="gpt-5", messages=ASK)
    assert (found.value.code, found.value.type) == ("model_not_found", "invalid_request_error")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "user"}],
        [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}],
        [{"role": "user", "content": ""}],
        [{"role": "user", "content": "x" * 4_001}],
        [{"role": "pirate", "content": "a?"}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://evil.example/x.png"}}]}],
        [{"role": "user", "content": [["text"]]}],
        "a?",
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_what_cannot_be_answered_is_a_bad_request(chat: openai.OpenAI, messages: Any, stream: bool) -> None:
    with pytest.raises(openai.BadRequestError) as found:
        chat.chat.completions.create(model="waymark", messages=messages, stream=stream)
    assert found.value.type == "invalid_request_error"


def test_other_refusals_have_the_shape_of_the_protocol(address: str) -> None:
    with client(address) as web:
        for response, status in (
            (web.get("/v1/nothing"), 404),
            (web.get("/v1/chat/completions"), 405),
            (web.post("/v1/chat/completions", content=b"x" * 1_000_001), 413),
            (web.post("/v1/chat/completions", content=b"{", headers={"content-type": "application/json"}), 400),
        ):
            assert response.status_code == status
            assert response.headers["content-type"] == "application/json"
            assert set(response.json()) == {"error"}
            assert response.json()["error"]["message"]
            assert response.json()["error"]["code"] is None


def test_a_stream_that_fails_raises_in_the_client(settings: Settings) -> None:
    advisor = FakeAdvisor()
    with serving(settings, lambda: advisor) as at, client_of(at) as chat:
        advisor.fault = ZeroDivisionError("secret inner matter")
        with pytest.raises(openai.APIError, match="Something went wrong in the server") as found:
            streamed(chat, ASK)
        assert "secret" not in str(found.value.body)
        with pytest.raises(openai.InternalServerError):
            chat.chat.completions.create(model="waymark", messages=ASK)


@pytest.fixture
def written(library: Path, settings: Settings) -> Iterator[tuple[openai.OpenAI, Script]]:
    """A client of a server whose answers a scripted model writes; each test has its own, for a fault of the script
    and the breaker that it opens would reach the next."""
    with mock_model() as (url, script):
        named = replace(settings, model="m", model_url=url, model_key=SecretStr("k"), model_deadline=1.5)
        with serving(named, lambda: open_advisor_for(library, named)) as at, client_of(at) as chat:
            yield chat, script


def test_a_model_writes_claim_by_claim(written: tuple[openai.OpenAI, Script]) -> None:
    chat, script = written
    script.reply = (
        "The best-paid tenth earned more than 120,000 crowns in 2024. [k1]\n"
        "Employment of data engineers in Ruritania is projected to grow 12 percent from 2024 to 2030. [k1]"
    )
    whole = chat.chat.completions.create(model="waymark", messages=ASK)
    content, annotations, chunks = streamed(chat, ASK)
    assert content == whole.choices[0].message.content
    assert len(annotations) == 2
    assert sum(bool(choice.delta.content) for chunk in chunks for choice in chunk.choices) == 2
    # What is only near is said to be before it is given.
    script.reply = "The median pay of a data engineer was 84,500 crowns in 2024. [k1]"
    content, _, chunks = streamed(chat, NEAR)
    assert content.startswith(phrases.PARTIAL)


def test_a_model_that_breaks_off_is_followed_by_the_guides(written: tuple[openai.OpenAI, Script]) -> None:
    chat, script = written
    # The first sentence is one piece of the scripted reply, which stalls at its fourth.
    first = "The best-paid tenth earned more than 120,000 crowns in 2024. [k1]\n".replace(" ", "\t")
    script.reply, script.fault = f"{first} Employment of data engineers is", "stall"
    content, annotations, chunks = streamed(chat, ASK)
    body = chunks[-1].model_extra["waymark"]
    assert body["mode"] == "extractive"
    assert content.startswith("The best-paid tenth")
    assert phrases.MODEL_FAILED in content
    assert content.endswith(body["answer"])
    for one in annotations:
        cited = one["url_citation"]
        assert content[cited["start_index"] : cited["end_index"]] == f"[{cited['number']}]"
