"""Terms with their signs: what a negation turns, what is read alike, and what an ending does not turn."""

from __future__ import annotations

import pytest

from bot.signed import judged, reading


def sign(text: str, key: str) -> set[int]:
    return set(reading(text).signs.get(key, ()))


@pytest.mark.parametrize(
    ("text", "key", "wanted"),
    [
        ("Boats float.", "boat", {1}),
        ("Stones do not float.", "float", {-1}),
        ("Stones do not float, but boats float.", "float", {1, -1}),
        ("Nobody can not float.", "float", {1}),
        ("Prices rose.", "<rise>", {1}),
        ("Prices did not rise.", "<rise>", {-1}),
        ("Smoking is not allowed.", "<allow>", {-1}),
        ("Smoking is forbidden.", "<allow>", {-1}),
        ("No more than three.", "<bound>", {-1}),
        ("At least three.", "<bound>", {1}),
        ("Children over six travel free.", "<bound>", {1}),
        ("An unpaid bill.", "<paid>", {-1}),
        ("A boat under sail.", "<bound>", set()),
    ],
)
def test_signs(text: str, key: str, wanted: set[int]) -> None:
    assert sign(text, key) == wanted


def test_an_opposite_in_the_quote_is_judged_by_its_sign() -> None:
    assert judged("rose", reading("Prices fell."))
    assert not judged("rose", reading("Prices are high."))
