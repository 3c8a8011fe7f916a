"""Claims beside a quote: drawn alike each time, from halves that are kept apart, and refused by the shipped check."""

from __future__ import annotations

from bot.verify import Judgement
from evals.claims import Judged, judge, measures
from evals.neighbours import neighbours

# A little under what was measured: a check that is loosened until it carries what the quote does not say fails here.
FLOORS = {"swap: neighbour": 0.98, "swap: first clause": 0.955, "swap: addition": 0.97}


def test_what_stands_beside_a_quote_is_refused() -> None:
    judged = judge(neighbours("test"))
    found = measures(judged)["kinds"]
    assert set(found) == set(FLOORS)
    for kind, floor in FLOORS.items():
        assert found[kind]["n"] >= 400
        assert found[kind]["rightly"] >= floor, found
    # A check that lets all of it pass would be seen.
    passing = [Judged(each.claim, Judgement("supported", 1.0)) for each in judged]
    assert {each["rightly"] for each in measures(passing)["kinds"].values()} == {0.0}


def test_the_halves_share_no_sentence_and_the_seed_decides() -> None:
    tune, test = neighbours("tune", most=40), neighbours("test", most=40)
    assert not {each.evidence for each in tune} & {each.evidence for each in test}
    assert tune == neighbours("tune", most=40)
    assert tune != neighbours("tune", seed=6, most=40)
    assert all(not each.supported and each.claim not in each.evidence for each in tune)


def test_an_addition_holds_its_quote_and_a_first_clause_is_short() -> None:
    drawn = neighbours("test", most=30)
    additions, firsts = ([each for each in drawn if each.kind == kind] for kind in ("addition", "first clause"))
    assert len(additions) == len(firsts) == 30
    for each in additions:
        assert each.claim.startswith(each.evidence[0].rstrip("."))
    for each in firsts:
        assert 5 <= len(each.claim.split()) <= 14
        assert not each.claim.endswith("..")
