"""The yardstick's own cutting of texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evals.plain import CHUNK, OVERLAP, chunks


@given(st.text(st.sampled_from("ab .\n"), max_size=6000))
def test_plain_chunks_are_bounded_and_lose_nothing(text: str) -> None:
    cut = chunks(text)
    assert all(len(chunk) <= CHUNK for chunk in cut)
    at = 0
    for chunk in cut:
        found = text.find(chunk, max(0, at - OVERLAP - 1))
        assert found >= 0
        assert text[at:found].strip() == "" or found <= at
        at = max(at, found + len(chunk))
    assert text[at:].strip() == ""
