"""`evals judge RUN --model NAME`: a language model's opinion of a run's answers, beside the measures, never a gate."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UsageError

if TYPE_CHECKING:
    from evals.judge import Judged

FEWEST_REPEATS = 3
MOST_WORKERS = 64
FIGURES, ROWS = "judge.json", "judge.jsonl"


def main(words: Sequence[str]) -> int:
    """Exit code 0; 1 where a reply failed or could not be read, whatever the verdicts are."""
    args = _arguments(words)
    from bot.generate import generator_of
    from corpus.questions import read_bytes
    from corpus.settings import Settings
    from evals import judge, record
    from evals.claims import read_claims
    from evals.judge_replies import judge as ask
    from evals.judge_replies import open_cache
    from evals.progress import bar

    read = record.read(args.run)
    claims = read_claims(args.claims) if args.claims else ()
    settings = Settings.read()
    settings = replace(settings, model=args.model, model_url=args.model_url or settings.model_url)
    model = generator_of(settings, "--model ")
    if model is None:
        raise UsageError("--model is empty; name the language model that judges.")
    rows = _drawn(read.rows, args.cases, args.seed)
    items = (*judge.items_of(rows), *judge.items_of_claims(claims))
    total = len(items) * args.repeats
    with open_cache(args.run, args.fresh) as cache, bar(f"Asking the judge {total} times", total) as advance:
        judged = ask(model, settings.model_url, items, args.repeats, cache, args.workers, advance)
    of_run, of_claims = judged[: len(judged) - len(claims)], judged[len(judged) - len(claims) :]
    body: dict[str, Any] = {
        "model": model.name,
        "url": settings.model_url,
        "prompt": {"version": judge.PROMPT_VERSION, "sha256": judge.prompt_digest()},
        "repeats": args.repeats,
        "cases": len(rows),
        "results_sha256": read.summary["results_sha256"],
        **judge.measures(of_run, args.repeats),
    }
    if claims:
        body["labelled"] = {
            "sha256": hashlib.sha256(read_bytes(args.claims)).hexdigest(),
            **judge.measures(of_claims, args.repeats)["carried"],
            "agreement": judge.agreement(of_claims, claims),
        }
    _write(args.run, body, judged)
    print(record.dumped(body) if args.json else told(body), end="")
    return _troubles(judged)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="evals judge",
        description="Ask a language model, several times, whether the words that each claim cites carry it and whether "
        "each answer answers its question; write judge.json and judge.jsonl into RUN. No verdict changes the exit "
        "code. What the judge said is kept in RUN, so that nothing is asked twice. The key of the model is "
        "WAYMARK_MODEL_KEY.",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the folder of a run, as --out named it")
    parser.add_argument("--model", required=True, metavar="NAME", help="provider:name; name a dated version")
    parser.add_argument("--model-url", metavar="URL", help="an OpenAI-compatible server; default: WAYMARK_MODEL_URL")
    parser.add_argument("--claims", type=Path, metavar="FILE", help="labelled claims: tell how far the judge agrees")
    parser.add_argument("--repeats", type=int, default=FEWEST_REPEATS, metavar="N", help="default and least: 3")
    parser.add_argument("--cases", type=int, default=60, metavar="N", help="at most so many, by the seed; default: 60")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="asked at once; default: 4")
    parser.add_argument("--fresh", action="store_true", help="forget what a judge said of this run")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args(words)
    if args.repeats < FEWEST_REPEATS:
        parser.error(f"--repeats must be {FEWEST_REPEATS} or more, so that the spread can be told")
    if args.cases < 1:
        parser.error("--cases must be 1 or more")
    if not 1 <= args.workers <= MOST_WORKERS:
        parser.error(f"--workers must be 1 to {MOST_WORKERS}")
    return args


def _drawn(rows: Sequence[Mapping[str, Any]], most: int, seed: int) -> list[Mapping[str, Any]]:
    """At most `most` rows with a claim in them, drawn by the seed, in their order."""
    from evals.stability import drawn

    return drawn([row for row in rows if row["answer"] and row["answer"]["claims"]], most, seed)


def _write(folder: Path, body: Mapping[str, Any], judged: Sequence[Judged]) -> None:
    from evals.record import dumped

    lines = "".join(json.dumps(each.to_dict(), ensure_ascii=False) + "\n" for each in judged)
    try:
        (folder / ROWS).write_text(lines, encoding="utf-8", newline="\n")
        (folder / FIGURES).write_text(dumped(body), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written ({error.strerror}); free it and run again.") from None


_NAMES = {"carried": "Claims carried by the words they cite", "answers": "Answers that answer the question"}


def told(body: Mapping[str, Any]) -> str:
    """The figures for a terminal."""
    prompt = body["prompt"]
    lines = [
        f"Judge {body['model']}, prompt {prompt['version']} ({prompt['sha256'][:8]}), each asked {body['repeats']} "
        f"times, over {body['cases']} cases. An opinion beside the measures; it is no gate."
    ]
    lines += [line for kind, name in _NAMES.items() for line in _lines(name, body[kind])]
    if "labelled" in body:
        agreed = body["labelled"]["agreement"]
        lines += _lines("Labelled claims", body["labelled"])
        kappa = f"{agreed['kappa']:.3f}" if agreed["kappa"] is not None else f"none: {agreed['unscorable']}"
        told_ = ", ".join(
            f"labelled {label}: " + " ".join(f"{said} {count}" for said, count in row.items())
            for label, row in agreed["table"].items()
        )
        lines.append(f"Agreement with the labels: kappa {kappa}; {_rate(agreed['agreed'])} alike; {told_}")
    return "\n".join(lines) + "\n"


def _lines(name: str, each: Mapping[str, Any]) -> list[str]:
    if not each["n"]:
        return [f"{name}: nothing to judge"]
    yes = each["yes"]
    said = ", ".join(f"{state} {count}" for state, count in each["said"].items())
    return [
        f"{name}: {yes['mean']:.3f} (repeats {yes['low']:.3f} to {yes['high']:.3f}, sd {yes['sd']:.3f}); by most of "
        f"the repeats {_rate(each['most'])}, no verdict {each['none']}, unanimous {_rate(each['unanimous'])}; "
        f"replies: {said}"
    ]


def _rate(rate: Mapping[str, Any]) -> str:
    return f"{rate['value']:.3f} [{rate['low']:.2f}, {rate['high']:.2f}] {rate['hits']}/{rate['n']}"


def _troubles(judged: Sequence[Judged]) -> int:
    """Say on stderr what failed; the exit code."""
    replies = [reply for each in judged for reply in each.replies]
    bad = {said: sum(reply.said == said for reply in replies) for said in ("unreadable", "failed")}
    if bad["unreadable"]:
        print(
            f"evals: {bad['unreadable']} of {len(replies)} replies hold no verdict that can be read; they are kept "
            f"and count as misses. See {ROWS}; --fresh asks anew.",
            file=sys.stderr,
        )
    if bad["failed"]:
        print(
            f"evals: {bad['failed']} of {len(replies)} calls failed and count as misses; the same command makes them "
            "again.",
            file=sys.stderr,
        )
    return 1 if any(bad.values()) else 0
