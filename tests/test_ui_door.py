"""Keys, rate and CORS: each by its setting, over a real server."""

from __future__ import annotations

from dataclasses import replace

import httpx
import openai
import pytest
from pydantic import SecretStr

from corpus.errors import BadSetting
from corpus.settings import Settings
from tests.fakes import FakeAdvisor
from tests.web import client, serving
from ui.door import Rate, _address

FIRST, SECOND = "first-key-0123456789", "second-key-0123456789"
ASK = {"question": "How do I sail?"}


def test_without_a_key_only_the_page_and_the_state_are_open(settings: Settings) -> None:
    keyed = replace(settings, api_keys=SecretStr(f"{FIRST}, {SECOND}"))
    with serving(keyed, FakeAdvisor) as at, client(at) as web:
        refused = [
            web.post("/ask", json=ASK),
            web.get("/ask", params=ASK),
            web.post("/ask/stream", json=ASK),
            web.get("/documents"),
            web.get("/search", params=ASK),
            web.get("/nothing"),
            web.post("/ask", json=ASK, headers={"x-api-key": FIRST[:-1]}),
            web.post("/ask", json=ASK, headers={"authorization": f"Basic {FIRST}"}),
            web.post("/ask", json=ASK, headers={"authorization": "Bearer"}),
            web.post("/ask", json=ASK, headers={"x-api-key": f"{FIRST}, {SECOND}"}),
        ]
        for response in refused:
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == "Bearer"
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert "X-API-Key" in response.json()["detail"]
        for path in ("/health", "/docs", "/openapi.json", "/", "/panel/docs.css", "/documents/sailing_1"):
            assert web.get(path).status_code == 200
        for key in (FIRST, SECOND):
            assert web.post("/ask", json=ASK, headers={"x-api-key": key}).status_code == 200
            assert web.post("/ask", json=ASK, headers={"authorization": f"bearer {key}"}).status_code == 200
        assert web.get("/openapi.json").json()["security"] == [{"bearer": []}, {"header": []}]


def test_without_the_page_guides_need_a_key_too(settings: Settings) -> None:
    keyed = replace(settings, api_keys=SecretStr(FIRST), page=False)
    with serving(keyed, FakeAdvisor) as at, client(at) as web:
        assert web.get("/health").status_code == 200
        assert web.get("/documents/sailing_1").status_code == 401
        assert web.get("/").status_code == 401
        web.headers["x-api-key"] = FIRST
        assert web.get("/documents/sailing_1").status_code == 200
        assert web.get("/").status_code == 404
        assert web.post("/gradio_api/queue/join", json={}).status_code == 404


def test_openai_s_client_carries_the_key(settings: Settings) -> None:
    with serving(replace(settings, api_keys=SecretStr(FIRST)), FakeAdvisor) as at:
        for key, right in ((FIRST, True), ("wrong", False)):
            with openai.OpenAI(
                base_url=f"{at}/v1", api_key=key, max_retries=0, http_client=openai.DefaultHttpxClient(trust_env=False)
            ) as chat:
                if right:
                    assert chat.models.list().data
                    continue
                with pytest.raises(openai.AuthenticationError) as found:
                    chat.models.list()
                assert found.value.code == "invalid_api_key"


@pytest.mark.parametrize("keys", ["short", f"{FIRST},short", "ü" * 20])
def test_a_key_that_can_be_guessed_is_refused_without_being_told(keys: str) -> None:
    with pytest.raises(BadSetting, match=r"WAYMARK_API_KEYS cannot be used: .*16 characters") as told:
        Settings.read({"WAYMARK_API_KEYS": keys})
    assert keys not in str(told.value)
    assert FIRST not in repr(Settings.read({"WAYMARK_API_KEYS": FIRST}))


def test_more_than_the_rate_is_a_429_that_tells_when_to_come_back(settings: Settings) -> None:
    limited = replace(settings, rate=3, api_keys=SecretStr(f"{FIRST},{SECOND}"))
    with serving(limited, FakeAdvisor) as at, client(at) as web:
        first = [web.post("/ask", json=ASK, headers={"x-api-key": FIRST}) for _ in range(4)]
        assert [response.status_code for response in first] == [200, 200, 200, 429]
        assert 1 <= int(first[-1].headers["retry-after"]) <= 20
        assert first[-1].json()["status"] == 429
        told = web.get("/v1/models", headers={"x-api-key": FIRST})
        assert told.json()["error"]["code"] == "rate_limit_exceeded"
        assert web.post("/ask", json=ASK, headers={"x-api-key": SECOND}).status_code == 200
        # Guessing keys is counted by address, and the state stays open.
        guesses = [web.get("/documents", headers={"x-api-key": f"guess-{n}"}).status_code for n in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
        assert [web.get("/health").status_code for _ in range(5)] == [200] * 5


def test_a_bucket_fills_again() -> None:
    now = 0.0
    rate = Rate(6, lambda: now)
    assert [rate.take("a") for _ in range(7)] == [0] * 6 + [10]
    assert rate.take("b") == 0
    now = 9.0
    assert rate.take("a") == 1
    now = 10.0
    assert (rate.take("a"), rate.take("a")) == (0, 10)
    now = 10_000.0
    assert [rate.take("a") for _ in range(7)] == [0] * 6 + [10]


def test_the_callers_that_are_kept_are_bounded() -> None:
    rate = Rate(1)
    for caller in range(20_000):
        assert rate.take(str(caller)) == 0
    assert len(rate._buckets) == 10_000


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_a_customer_is_one_address_or_one_network(host: str, network: str) -> None:
    assert _address({"client": (host, 1)}) == network
    assert _address({"client": None}) == ""


@pytest.mark.parametrize(("proxies", "statuses"), [("127.0.0.1", [200, 200]), ("", [200, 429])])
def test_forwarded_addresses_count_where_the_proxy_is_trusted(
    settings: Settings, proxies: str, statuses: list[int]
) -> None:
    with serving(replace(settings, rate=1, proxies=proxies), FakeAdvisor) as at, client(at) as web:
        got = [
            web.get("/documents", headers={"x-forwarded-for": address}).status_code
            for address in ("198.51.100.1", "198.51.100.2")
        ]
    assert got == statuses


def preflight(web: httpx.Client, origin: str) -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    headers["access-control-request-headers"] = "content-type,x-api-key"
    return web.options("/ask", headers=headers)


def test_pages_of_named_origins_may_ask(settings: Settings) -> None:
    named = replace(settings, cors="https://office.example, http://localhost:3000", api_keys=SecretStr(FIRST))
    with serving(named, FakeAdvisor) as at, client(at) as web:
        for origin in ("https://office.example", "http://localhost:3000"):
            assert preflight(web, origin).headers["access-control-allow-origin"] == origin
            # A refusal can be read too.
            refused = web.post("/ask", json=ASK, headers={"origin": origin})
            assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, origin)
            assert "x-request-id" in refused.headers["access-control-expose-headers"]
        assert "access-control-allow-origin" not in preflight(web, "https://evil.example").headers


def test_without_the_setting_no_other_page_may_ask(settings: Settings) -> None:
    with serving(settings, FakeAdvisor) as at, client(at) as web:
        asked = web.post("/ask", json=ASK, headers={"origin": "https://office.example"})
        assert not [name for name in asked.headers if name.startswith("access-control")]
        assert preflight(web, "https://office.example").status_code == 405
    with serving(replace(settings, cors="*"), FakeAdvisor) as at, client(at) as web:
        assert preflight(web, "https://any.example").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("origins", ["office.example", "https://office.example/page", "*,https://a.example", "null"])
def test_an_origin_that_no_browser_sends_is_refused(origins: str) -> None:
    with pytest.raises(BadSetting, match="WAYMARK_CORS cannot be used"):
        Settings.read({"WAYMARK_CORS": origins})
