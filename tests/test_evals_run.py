"""A question set from top to bottom, and the project's own sets."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from bot.advisor import Advisor
from corpus.errors import BadQuestionSet
from corpus.questions import Case, QuestionSet, write_set
from evals import control_world as world
from evals import record, report, run
from evals.control_world import Replies, asked, case
from evals.ledger import open_ledger
from evals.nuggets import holds, tokens
from evals.run import all_cases, evaluate, read_sets
from evals.scoring import Outcome
from evals.systems import Local
from ingest.readers.document import read_document


def test_every_case_is_asked_once_in_order_and_progress_is_told() -> None:
    cases = tuple(case(name) for name in "abc")
    system = Replies({each.id: asked(each, world.declined()) for each in cases})
    steps: list[int] = []
    sets = [QuestionSet("one", cases[:2], "x"), QuestionSet("two", cases[2:], "y")]
    done = evaluate(system, sets, (), lambda: steps.append(1))
    assert [each.case.id for each in done.scores] == ["a", "b", "c"]
    assert len(steps) == 3
    assert done.boards["all"].n == 3


def test_one_file_is_read_alone(tmp_path: Path) -> None:
    write_set(tmp_path / "mine.jsonl", [case("a")])
    (only,) = read_sets(tmp_path / "mine.jsonl")
    assert only.name == "mine.jsonl"


def test_two_sets_that_share_an_id_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path / "one.jsonl", [case("a")])
    write_set(tmp_path / "two.jsonl", [case("b"), case("a")])
    monkeypatch.setattr(run, "files", lambda _: tmp_path)
    with pytest.raises(BadQuestionSet, match=r"two\.jsonl and one\.jsonl both use the id 'a'"):
        read_sets(None)


def test_a_package_without_sets_is_said_to_be_incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "files", lambda _: tmp_path)
    with pytest.raises(BadQuestionSet, match="are missing"):
        read_sets(None)


def test_the_projects_own_sets_are_large_and_a_quarter_must_be_declined() -> None:
    cases = all_cases(read_sets(None))
    expects = Counter(each.expect for each in cases)
    assert len(cases) >= 250
    assert expects["abstained"] >= len(cases) / 4
    assert expects["abstained"] + expects["handed_on"] >= 60
    for each in cases:
        assert ("tune" in each.tags) != ("test" in each.tags), each.id


def test_every_guide_is_asked_about() -> None:
    asked = {relevant.document for each in all_cases(read_sets(None)) for relevant in each.relevant}
    guides = {entry.name for entry in files("corpus.guides").iterdir() if entry.name.endswith(".md")}
    assert guides - asked == set()


def test_the_projects_own_sets_quote_guides_that_are_there_word_for_word() -> None:
    folder = [entry for entry in files("corpus.guides").iterdir() if entry.name.endswith(".md")]
    guides = {entry.name: entry.read_bytes() for entry in folder}
    texts = {name: tokens(read_document(data, name).text) for name, data in guides.items()}
    lost = [
        (each.id, relevant.document, relevant.quote)
        for each in all_cases(read_sets(None))
        for relevant in each.relevant
        if relevant.document not in texts or (relevant.quote and not holds(texts[relevant.document], relevant.quote))
    ]
    assert lost == []


def test_the_real_advisor_over_a_small_library(advisor: Advisor, tmp_path: Path) -> None:
    cases = (
        Case("pay", "How much does a data engineer earn?", "answered", nuggets=(("84,500 crowns",),)),
        Case(
            "roles",
            "Which entry-level jobs lead into data work?",
            "answered",
            nuggets=(("Reporting clerk",), ("Support engineer",)),
        ),
        Case("foreign", "How long do I boil an ostrich egg?", "abstained"),
        Case("long", "why? " * 4000, "answered"),
    )
    write_set(tmp_path / "set.jsonl", cases)
    sets = read_sets(tmp_path / "set.jsonl")
    system = Local(advisor)
    written = []
    for name in ("once", "again"):
        done = evaluate(system, sets)
        report.write(record.of(done, system), tmp_path / name)
        written.append(
            [
                (tmp_path / name / file).read_bytes()
                for file in ("summary.json", "results.jsonl", "report.md", "junit.xml")
            ]
        )
    assert written[0] == written[1]
    assert [(each.case.id, each.state) for each in done.scores] == [
        ("pay", "scored"),
        ("roles", "scored"),
        ("foreign", "scored"),
        ("long", "errored"),
    ]
    board = done.boards["all"]
    assert board.rates["citations_valid"].value == board.rates["verbatim"].value == 1
    assert board.rates["nuggets_all"].hits >= 1
    assert board.rates["contract_kept"].hits == 3
    assert json.loads(written[0][0])["generation"] == advisor.library.generation


@dataclass(frozen=True, slots=True)
class Slow(Replies):
    """Answers later questions sooner; `asked` keeps which were asked, `broken` interrupts at that case."""

    asked: list[str]
    broken: str = ""

    def ask(self, each: Case) -> Outcome:
        time.sleep(0.002 * (20 - int(each.id)))
        if each.id == self.broken:
            raise KeyboardInterrupt
        self.asked.append(each.id)
        return self.outcomes[each.id]


CASES = tuple(case(str(i)) for i in range(20))
SETS = [QuestionSet("set.jsonl", CASES, "x" * 64)]
OUTCOMES = {each.id: asked(each, world.declined()) for each in CASES}
KEY = {"questions": "x"}


def test_the_run_is_the_same_whatever_the_number_of_workers() -> None:
    runs = [evaluate(Slow(OUTCOMES, []), SETS, workers=workers) for workers in (1, 4, 50)]
    told = [record.of(each, world.World()) for each in runs]
    assert told[0] == told[1] == told[2]


def test_a_run_that_was_broken_off_asks_only_what_is_missing(tmp_path: Path) -> None:
    first, second, steps = Slow(OUTCOMES, [], broken="7"), Slow(OUTCOMES, []), list[int]()
    with pytest.raises(KeyboardInterrupt), open_ledger(tmp_path, KEY, CASES) as ledger:
        evaluate(first, SETS, workers=2, ledger=ledger)
    with open_ledger(tmp_path, KEY, CASES) as ledger:
        kept = set(ledger.kept)
        whole = evaluate(second, SETS, (), lambda: steps.append(1), 2, ledger)
    assert 0 < len(kept) < 20
    assert kept <= set(first.asked)
    assert set(second.asked) == {each.id for each in CASES} - kept
    assert len(steps) == 20
    assert record.of(whole, world.World()) == record.of(evaluate(Slow(OUTCOMES, []), SETS), world.World())


def test_what_is_no_fault_of_the_system_ends_the_run() -> None:
    with pytest.raises(KeyError):
        evaluate(Replies({}), SETS, workers=3)
