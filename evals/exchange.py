"""Data sets of Ragas and DeepEval: a run written as theirs, their questions read as a question set; pure.

Held to what they document (Ragas 0.4, `SingleTurnSample` and `MultiTurnSample`, JSONL; DeepEval 4, goldens and test
cases, JSON); neither is imported. What an answer retrieved is told as the words that it cites, which is what
a claim may stand on here; the rest of what was searched is not in a run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import BadQuestionSet
from corpus.questions import Case, Expect, Message, Relevant, bad_line, first_wrong, read_bytes, read_rows
from evals import nuggets

Format = Literal["ragas", "deepeval"]
# A reference answer of so many words at most can be looked for word for word; a longer one says it in its own words.
MOST_NUGGET_WORDS = 8
Find = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Imported:
    """The questions, how many contexts were named to a document or not, and the ids of those with no gold at all."""

    cases: tuple[Case, ...]
    placed: int
    unplaced: int
    bare: tuple[str, ...]


class _Foreign(BaseModel):
    """Fields beyond those that are read are theirs to add; null stands for absent."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Turn(_Foreign):
    type: Literal["human", "ai", "tool"]
    content: str


class _Ragas(_Foreign):
    user_input: str | list[_Turn]
    reference: str | None = None
    reference_contexts: list[str] | None = None
    reference_context_ids: list[str | int] | None = None
    id: str | None = None


class _DeepEval(_Foreign):
    input: str
    expected_output: str | None = None
    context: list[str] | None = None
    source_file: str | None = None
    name: str | None = None
    additional_metadata: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """What both formats tell of a question. `documents` go with `contexts`, None where it is not told."""

    id: str | None
    question: str
    history: tuple[Message, ...]
    reference: str | None
    contexts: tuple[str, ...]
    documents: tuple[str | None, ...]
    expect: Expect
    tags: tuple[str, ...]


def unanswered(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The ids of the rows without an answer: neither format has a place for them."""
    return tuple(row["id"] for row in rows if row["answer"] is None)


def ragas(rows: Sequence[Mapping[str, Any]]) -> str:
    """The answered rows of results.jsonl as the JSONL of `EvaluationDataset.from_jsonl`.

    Every line has the same fields, since Ragas takes the columns from the first; `id`, which Ragas passes over, says
    which case it is.
    """
    lines = []
    for row in rows:
        if row["answer"] is None:
            continue
        cited = row["answer"]["citations"]
        gold = _gold(row)
        body = {
            "id": row["id"],
            "user_input": _conversation(row),
            "retrieved_contexts": [each["quote"] for each in cited],
            "retrieved_context_ids": [each["source"] for each in cited],
            "response": row["answer"]["answer"],
            "reference": _reference(row),
            "reference_contexts": [each["quote"] for each in gold],
            "reference_context_ids": [each["document"] for each in gold],
        }
        lines.append(json.dumps(body, ensure_ascii=False) + "\n")
    return "".join(lines)


def deepeval(rows: Sequence[Mapping[str, Any]]) -> str:
    """The answered rows as the JSON of `add_test_cases_from_json_file` and `add_goldens_from_json_file`."""
    cases = []
    for row in rows:
        if row["answer"] is None:
            continue
        gold = _gold(row)
        told = {"id": row["id"], "expect": row["expect"], "tags": row["tags"], "status": row["status"]}
        if row["history"]:
            told |= {"question": row["question"], "history": row["history"]}
        cases.append(
            {
                "input": _conversation(row),
                "actual_output": row["answer"]["answer"],
                "expected_output": _reference(row),
                "context": [each["quote"] for each in gold],
                "retrieval_context": [each["quote"] for each in row["answer"]["citations"]],
                "source_file": gold[0]["document"] if len({each["document"] for each in gold}) == 1 else None,
                "name": row["id"],
                "additional_metadata": told,
            }
        )
    return json.dumps(cases, ensure_ascii=False, indent=1) + "\n"


def read(path: Path, of: Format, find: Find | None = None) -> Imported:
    """Their questions as cases. `find` tells in which document words stand, for contexts whose document is not named.

    A gold context becomes a relevant quote, a short reference answer a nugget. Raises UnknownPath; BadQuestionSet,
    naming file and line (or entry), for what is not of that format, an id used twice, and a file without a question.
    """
    cases: list[Case] = []
    first: dict[str, int] = {}
    placed = unplaced = 0
    bare = []
    for number, told in _ragas(path) if of == "ragas" else _deepeval(path):
        id_ = told.id or f"{path.stem}-{number}"
        if id_ in first:
            raise bad_line(path, number, f"the id {id_!r} was used on {first[id_]} already")
        if not any(character.isalnum() for character in told.question):
            raise bad_line(path, number, "the question holds no letter and no digit")
        first[id_] = number
        documents = [
            name or (find(words) if find else None) for name, words in zip(told.documents, told.contexts, strict=True)
        ]
        relevant = tuple(
            Relevant(name, words) for name, words in zip(documents, told.contexts, strict=True) if name is not None
        )
        placed += len(relevant)
        unplaced += len(documents) - len(relevant)
        wanted = _nuggets(told)
        if not relevant and not wanted and told.expect == "answered":
            bare.append(id_)
        tags = told.tags or ("imported",)
        cases.append(Case(id_, told.question, told.expect, told.history, relevant, wanted, tags))
    if not cases:
        raise BadQuestionSet(f"{path} holds no question of {of}.")
    return Imported(tuple(cases), placed, unplaced, tuple(bare))


def _nuggets(told: _Question) -> tuple[tuple[str, ...], ...]:
    """The reference answer as a nugget, where it is short enough to be found as it stands."""
    words = " ".join((told.reference or "").split())
    short = len(words.split()) <= MOST_NUGGET_WORDS and any(character.isalnum() for character in words)
    return ((words,),) if short and told.expect != "abstained" else ()


def finder(texts: Mapping[str, str]) -> Find:
    """Tells in which of the documents (source -> text) words stand, compared as quotes of question sets are: the first
    by name where several hold them."""
    bodies = {source: nuggets.tokens(texts[source]) for source in sorted(texts)}
    return lambda words: next((source for source, body in bodies.items() if nuggets.holds(body, words)), None)


def _conversation(row: Mapping[str, Any]) -> str:
    """The question; a follow-up with what was said before it, since alone it cannot be judged."""
    if not row["history"]:
        return str(row["question"])
    return "\n".join(f"{turn['role']}: {turn['content']}" for turn in row["history"]) + f"\nuser: {row['question']}"


def _gold(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The named words; a run of an older version does not tell them."""
    return [each for each in row.get("relevant", []) if each["quote"]]


def _reference(row: Mapping[str, Any]) -> str | None:
    """A reference answer: the gold words, else the nuggets, else none."""
    quotes = [each["quote"] for each in _gold(row)]
    if quotes:
        return "\n".join(quotes)
    return "; ".join(each["any"][0] for each in row["nuggets"]) or None


def _ragas(path: Path) -> Iterator[tuple[int, _Question]]:
    for line in read_rows(path, _Ragas):
        row = line.row
        contexts = tuple(row.reference_contexts or ())
        names = row.reference_context_ids or []
        documents = tuple(map(str, names)) if len(names) == len(contexts) else (None,) * len(contexts)
        asked = row.user_input
        question, history = _last(path, line.number, asked) if isinstance(asked, list) else (asked, ())
        yield (
            line.number,
            _Question(row.id, question, history, row.reference, contexts, documents, "answered", ()),
        )


def _last(path: Path, number: int, turns: Sequence[_Turn]) -> tuple[str, tuple[Message, ...]]:
    """The last thing that a person says, and what was said before; what tools said is left out."""
    places = [place for place, turn in enumerate(turns) if turn.type == "human"]
    if not places:
        raise bad_line(path, number, "nobody asks anything in user_input: it has no message of type human")
    before = tuple(
        Message("user" if turn.type == "human" else "assistant", turn.content)
        for turn in turns[: places[-1]]
        if turn.type != "tool"
    )
    return turns[places[-1]].content, before


def _deepeval(path: Path) -> Iterator[tuple[int, _Question]]:
    for number, row in _entries(path):
        told = row.additional_metadata or {}
        contexts = tuple(row.context or ())
        id_, expect, tags = told.get("id") or row.name, told.get("expect"), told.get("tags")
        question, history = row.input, tuple[Message, ...]()
        if isinstance(told.get("question"), str) and isinstance(told.get("history"), list):
            question = told["question"]
            history = tuple(Message(turn["role"], turn["content"]) for turn in told["history"] if _is_turn(turn))
        yield (
            number,
            _Question(
                id_ if isinstance(id_, str) else None,
                question,
                history,
                row.expected_output,
                contexts,
                (row.source_file,) * len(contexts),
                next((known for known in get_args(Expect) if known == expect), "answered"),
                tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
            ),
        )


def _is_turn(turn: object) -> bool:
    return isinstance(turn, dict) and turn.get("role") in ("user", "assistant") and isinstance(turn.get("content"), str)


def _entries(path: Path) -> Iterator[tuple[int, _DeepEval]]:
    """The entries of a JSON list, with their numbers from 1."""
    try:
        body = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise BadQuestionSet(
            f"{path} cannot be read as JSON ({error}); save the goldens of DeepEval as json."
        ) from None
    if not isinstance(body, list):
        raise BadQuestionSet(f"{path} is not a list of objects, as DeepEval writes goldens and test cases.")
    for number, entry in enumerate(body, 1):
        try:
            yield number, _DeepEval.model_validate(entry)
        except ValidationError as error:
            raise BadQuestionSet(
                f"{path}, entry {number}: {first_wrong(error)}. Correct that entry and run again."
            ) from None
