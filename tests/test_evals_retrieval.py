"""BEIR folders: read strictly, searched through the real retriever, measured under the names of the contract."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Question, Turn
from corpus.errors import BadQuestionSet, UnknownPath
from corpus.model_cache import open_embedder
from corpus.settings import Settings
from evals import retrieval
from evals.retrieval import Query, Ranked, as_document, measures, rank, read_folder

DOCUMENTS = [
    {
        "_id": "owl/1",
        "title": "Owls",
        "text": "Barn owls hunt mice at night. They hear a mouse under snow.",
        "metadata": {},
    },
    {
        "_id": "bee<2>",
        "title": "",
        "text": "A bee colony keeps its brood at 35 degrees.\n\n- Workers fan their wings\n- Drones do not",
    },
    {"_id": "elk", "title": "", "text": "Elk shed their antlers in spring. New ones grow within five months."},
    {
        "_id": "eel",
        "title": None,
        "text": "Eels swim to the Sargasso Sea to spawn. The way back takes their larvae two years.",
    },
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "What do barn owls hunt?", "answerability": "answerable", "answers": ["mice"]},
    {"_id": "q2", "text": "How warm is a bee colony's brood?", "answerability": "ANSWERABLE"},
    {
        "_id": "q3",
        "text": "And how long do new ones take to grow?",
        "history": [
            {"role": "user", "content": "When do elk shed their antlers?"},
            {"role": "assistant", "content": "In spring."},
        ],
        "answerability": "partial",
    },
    {"_id": "q4", "text": "Which bank lends money for a submarine?", "answerability": "unanswerable"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\towl/1\t1\nq2\tbee<2>\t2\nq3\telk\t1\nq3\teel\t0\n"


def _folder(root: Path, documents: Any = DOCUMENTS, queries: Any = QUERIES, qrels: str = QRELS) -> Path:
    def lines(rows: Any) -> str:
        return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)

    (root / "qrels").mkdir(parents=True)
    (root / "corpus.jsonl").write_text(lines(documents), encoding="utf-8")
    (root / "queries.jsonl").write_text(lines(queries), encoding="utf-8")
    (root / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return root


@pytest.fixture
def cached(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose cache is a folder of the test, with the compiled model of the person's own cache in it."""
    open_embedder(settings)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "embedders").symlink_to(settings.cache / "embedders")
    return replace(settings, cache=cache)


def test_a_folder_is_read(tmp_path: Path) -> None:
    read = read_folder(_folder(tmp_path / "set"))
    assert read.documents[0] == ("owl/1", "Owls", "Barn owls hunt mice at night. They hear a mouse under snow.")
    assert read.documents[3][1] == ""
    assert [query.answerable for query in read.queries] == [True, True, None, False]
    assert read.queries[2].question == Question(
        "And how long do new ones take to grow?",
        (Turn("user", "When do elk shed their antlers?"), Turn("assistant", "In spring.")),
    )
    assert [query.gains for query in read.queries] == [{"owl/1": 1}, {"bee<2>": 2}, {"elk": 1}, {}]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = _folder(tmp_path / "set")
    (folder / name).unlink()
    with pytest.raises(UnknownPath, match=name.split("/")[-1]):
        read_folder(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath, match="There is no folder"):
        read_folder(tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"documents": [*DOCUMENTS, "{"]}, "corpus.jsonl, line 5"),
        ({"documents": [DOCUMENTS[0], DOCUMENTS[0]]}, "corpus.jsonl, line 2: the _id 'owl/1' was used on line 1"),
        ({"documents": [{"_id": "x", "title": "no text"}]}, "corpus.jsonl, line 1: the field 'text' is missing"),
        ({"documents": []}, "corpus.jsonl holds nothing"),
        ({"queries": [{"_id": 3, "text": "What?"}]}, "queries.jsonl, line 1"),
        (
            {"queries": [{**QUERIES[0], "history": [{"role": "robot", "content": "x"}]}]},
            "queries.jsonl, line 1: history",
        ),
        ({"qrels": "query-id\tcorpus-id\tscore\nq1 owl/1 1"}, "test.tsv, line 2: it has 1 columns"),
        ({"qrels": "q1\towl/1\tyes"}, "test.tsv, line 1: the score 'yes' is no number"),
        ({"qrels": "q1\towl/1\tnan"}, "test.tsv, line 1: the score 'nan' is no amount"),
        ({"qrels": "q9\towl/1\t1"}, "test.tsv, line 1: the query 'q9'"),
        ({"qrels": "q1\towl\t1"}, "test.tsv, line 1: the document 'owl'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, Any], where: str) -> None:
    with pytest.raises(BadQuestionSet) as caught:
        read_folder(_folder(tmp_path / "set", **change))
    assert where in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_corpus_entry_keeps_its_text_and_gets_no_invented_title() -> None:
    text = "  First line. Still.\n\n- an item\n1. another\nLast\n"
    document = as_document(7, "some/id", "", text)
    assert (document.id, document.title, document.source, document.text) == ("d7", "", "some/id", text)
    assert [(block.kind, text[block.start : block.end]) for block in document.blocks] == [
        ("paragraph", "First line. Still."),
        ("item", "- an item"),
        ("item", "1. another"),
        ("paragraph", "Last"),
    ]


def test_lines_that_were_wrapped_are_one_block_and_others_are_not() -> None:
    long = "The larvae of the eel drift with the current for two"
    text = f"{long}\nlong years. {long}\n\nlater, {long}.\nshort line\nand more {long}\nFive"
    blocks = [text[block.start : block.end] for block in as_document(0, "x", "", text).blocks]
    assert blocks == [
        f"{long}\nlong years. {long}",
        f"later, {long}.",
        "short line",
        f"and more {long}",
        "Five",
    ]


def test_the_measures_by_hand() -> None:
    def ranked(name: str, documents: str, gains: dict[str, float], answerable: bool | None, sure: float) -> Ranked:
        return Ranked(Query(name, Question("?"), gains, answerable), tuple(documents), sure)

    seen = measures(
        [
            ranked("1", "ab", {"a": 1}, True, 0.9),
            ranked("2", "xb", {"b": 1}, True, 0.3),
            ranked("3", "xyz", {}, False, 0.4),
            ranked("4", "", {"a": 1}, None, 0.0),
        ]
    )
    assert seen == {
        "n": 3,
        "ndcg@10": pytest.approx((1 + 0.63093 + 0) / 3, abs=1e-5),
        "mrr@10": pytest.approx((1 + 0.5 + 0) / 3, abs=1e-6),
        "recall@10": pytest.approx(2 / 3, abs=1e-6),
        "hit@1": pytest.approx(1 / 3, abs=1e-6),
        "auroc_unanswerable": 0.5,  # the unanswerable one is less sure than one of the two answerable ones
    }


def test_what_the_set_does_not_tell_is_absent_or_null() -> None:
    nothing = measures([Ranked(Query("1", Question("?"), {}, None), ("a",), 0.5)])
    assert nothing == {"n": 0, "ndcg@10": None, "mrr@10": None, "recall@10": None, "hit@1": None}
    one_kind = measures([Ranked(Query("1", Question("?"), {"a": 1}, True), ("a",), 0.5)])
    assert one_kind["auroc_unanswerable"] is None
    assert one_kind["ndcg@10"] == 1


def test_the_real_retriever_finds_what_is_asked_and_the_library_is_kept(
    tmp_path: Path, cached: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_folder(_folder(tmp_path / "set"))
    stages: list[str] = []
    library = retrieval.open_library(read, cached, lambda stage, done, total: stages.append(stage))
    first = rank(read, library)
    library.close()
    assert stages
    assert [each.documents[0] for each in first[:3]] == ["owl/1", "bee<2>", "elk"]
    assert all(len(set(each.documents)) == len(each.documents) for each in first)
    seen = measures(first)
    assert (seen["n"], seen["ndcg@10"], seen["hit@1"]) == (3, 1, 1)
    assert seen["auroc_unanswerable"] == 1

    def no_writer(*_: Any) -> None:
        raise AssertionError("the library was built again")

    with monkeypatch.context() as patch:
        patch.setattr(retrieval, "open_writer", no_writer)
        again = retrieval.open_library(read, cached)
        assert rank(read, again) == first
        again.close()


def test_other_code_builds_another_library_and_drops_what_was_left_behind(
    tmp_path: Path, cached: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_folder(_folder(tmp_path / "set", documents=DOCUMENTS[1:], qrels="q2\tbee<2>\t1\n"))
    folders: list[Path] = []
    for code in ("one", "two", "three"):
        if code == "three":
            # Both are there: other code may be at work on its own. A week later the first is nobody's.
            assert all(folder.exists() for folder in folders)
            week_ago = time.time() - retrieval.LEFT_BEHIND - 60
            os.utime(folders[0], (week_ago, week_ago))
        monkeypatch.setattr(retrieval, "_code_digest", lambda code=code: code)
        library = retrieval.open_library(read, cached)
        folders.append(library.folder)
        library.close()
    assert [folder.exists() for folder in folders] == [False, True, True]


def test_a_query_that_cannot_be_asked_is_a_miss_and_is_told(tmp_path: Path, cached: Settings) -> None:
    queries = [QUERIES[0], {"_id": "q2", "text": "why? " * 4000, "answerability": "answerable"}]
    read = read_folder(_folder(tmp_path / "set", queries=queries, qrels="q1\towl/1\t1\nq2\telk\t1\n"))
    library = retrieval.open_library(read, cached)
    ranked = rank(read, library)
    library.close()
    assert ranked[1].documents == ()
    assert ranked[1].trouble
    seen = measures(ranked)
    assert (seen["n"], seen["hit@1"], seen["errored"]) == (2, 0.5, 1)


def test_the_digest_of_the_code_is_stable() -> None:
    digest: Callable[[], str] = retrieval._code_digest
    assert digest() == digest()
    assert len(digest()) == 16
