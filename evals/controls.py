"""Controls of the evaluator: inputs whose score is known beforehand, put through the very measures that score a run.

An evaluator that gives a wrong answer a good score, or a right one a bad score, is worse than none. Each control runs
in milliseconds, so that all run before every evaluation; one that fails makes the evaluation invalid (exit 3).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite, log2

from bot.answer import Answer, Citation
from bot.verify import verify
from corpus.questions import Case, QuestionSet
from corpus.words import terms
from evals import control_world as world
from evals import record, report
from evals.board import Board, board
from evals.control_world import TWISTED, Replies, asked, case
from evals.falsify import falsify
from evals.grounding import Grounding, grounding
from evals.metrics import Unscorable, auroc, balanced_accuracy, hit, mean, mrr, ndcg, recall
from evals.run import Control, evaluate
from evals.scoring import READ_WORDS, Outcome, Score, score

SEEDS = (20_260, 7, 411)
# Plain overlap "supports" a claim from this share of its terms in the evidence on; the checker must do better.
OVERLAP = 0.7
# Means that supported padding must not raise, where all that was said before is supported.
_NOT_BY_PADDING = ("nugget_recall", "citation_recall", "citation_precision", "figure_fidelity", "name_fidelity")


def run_all(seeds: Sequence[int] = SEEDS) -> tuple[Control, ...]:
    """Every control, in order; passed where it holds on each of the seeds, which draw what is changed and how."""
    return tuple(together([_tried(control, seed) for seed in seeds]) for control in _CONTROLS)


def _tried(control: Callable[[int], Control], seed: int) -> Control:
    """The control; one whose measures find nothing to measure has failed, and says so."""
    try:
        return control(seed)
    except (Unscorable, ArithmeticError, LookupError) as error:
        return Control(control.__name__, False, f"nothing could be measured: {error}")


def together(seen: Sequence[Control]) -> Control:
    """One control on several seeds: what was measured on each, said once where it is the same."""
    told = "; ".join(dict.fromkeys(each.measured for each in seen))
    return Control(seen[0].name, all(each.passed for each in seen), told)


def _all_sentences() -> list[tuple[str, str]]:
    return [(document, sentence) for document in world.TEXTS for sentence in world.sentences(document)]


def _score(each: Case, answer: Answer | None, trouble: str = "") -> Score:
    return score(asked(each, answer, trouble), world.World())


def _valid(answers: Sequence[Answer]) -> float:
    """Share of all citations that hold."""
    checks = [_score(case(str(i)), answer).checks for i, answer in enumerate(answers)]
    return sum(c.valid for c in checks if c) / sum(c.citations for c in checks if c)


def citations_exchanged(seed: int) -> Control:
    """Quotes kept and the documents and offsets of others put under them: hardly any citation may count as valid."""
    shuffler = random.Random(seed)  # noqa: S311 - a repeatable shuffle, no secret
    drawn = shuffler.sample(_all_sentences(), len(_all_sentences()))
    sound = [world.answered(*drawn[at : at + 5]) for at in range(0, len(drawn), 5)]
    wrong = []
    for answer in sound:
        places = [(each.document_id, each.start, each.end) for each in answer.citations]
        turn = shuffler.randrange(1, len(places))
        moved = places[turn:] + places[:turn]
        citations = tuple(
            replace(each, document_id=document, start=start, end=end)
            for each, (document, start, end) in zip(answer.citations, moved, strict=True)
        )
        wrong.append(replace(answer, citations=citations))
    intact, exchanged = _valid(sound), _valid(wrong)
    return Control("citations_exchanged", intact == 1 and exchanged <= 0.05, f"{intact:.2f} -> {exchanged:.2f} valid")


def citations_shifted(_: int) -> Control:
    """Every offset one character off, or the document unknown: no citation is valid."""
    sound = world.answered(*_all_sentences())
    changes: tuple[Callable[[Citation], Citation], ...] = (
        lambda each: replace(each, start=each.start + 1, end=each.end + 1),
        lambda each: replace(each, document_id="nowhere"),
        lambda each: replace(each, quote=""),
    )
    wrong = [replace(sound, citations=tuple(map(change, sound.citations))) for change in changes]
    seen = [_valid([answer]) for answer in wrong]
    return Control("citations_shifted", seen == [0, 0, 0], f"{max(seen):.2f} valid at most")


def marks_forged(_: int) -> Control:
    """A mark taken away, one added, one made a link, one claim left out: each breaks the contract."""
    sound = world.answered(*_all_sentences()[:3])
    forged = (
        replace(sound, answer=sound.answer.replace("[2]", "")),
        replace(sound, answer=sound.answer + " [9]"),
        replace(sound, answer=sound.answer.replace("[1]", "[1](https://example.org)")),
        replace(sound, answer=sound.answer.replace(sound.claims[1].text, "")),
    )
    caught = sum(not _score(case("x"), answer).sound for answer in forged)
    clean = _score(case("x"), sound).sound
    return Control("marks_forged", clean and caught == len(forged), f"{caught} of {len(forged)} caught")


def rewording_is_not_verbatim(_: int) -> Control:
    """A claim with one word exchanged, or cut within a word, is not verbatim; with other white space it is."""
    sound = world.answered(("baking", "The bakery on Mill Street employs 25 people."))

    def share(text: str) -> bool:
        answer = world.rendered(replace(sound, claims=(replace(sound.claims[0], text=text),)))
        checks = _score(case("x"), answer).checks
        return checks is not None and checks.verbatim == checks.claims

    spaced = share("The  bakery on Mill Street\nemploys 25 people.")
    changed = [share("The bakery on Mill Street hires 25 people."), share("The bakery on Mill Street employs 25 peop")]
    return Control("rewording_is_not_verbatim", spaced and not any(changed), f"{sum(changed)} of 2 rewordings passed")


def marks_shuffled(seed: int) -> Control:
    """Claims kept and their marks exchanged: by the quotes now cited hardly a claim may be carried, no mark precise."""
    shuffler = random.Random(seed)  # noqa: S311 - a repeatable shuffle, no secret
    sound = world.answered(*shuffler.sample(_all_sentences(), len(_all_sentences())))
    turn = shuffler.randrange(1, len(sound.claims))
    marks = [each.citations for each in (*sound.claims[turn:], *sound.claims[:turn])]
    claims = tuple(replace(each, citations=mark) for each, mark in zip(sound.claims, marks, strict=True))
    intact, shuffled = (_board(asked(case("x"), each)).means for each in (sound, replace(sound, claims=claims)))
    names = ("citation_recall", "citation_precision")
    passed = all(intact[name] == 1 and shuffled[name] <= 0.05 for name in names)
    measured = ", ".join(f"{name} {intact[name]:.2f} -> {shuffled[name]:.2f}" for name in names)
    return Control("marks_shuffled", passed, measured)


def number_swap(seed: int) -> Control:
    """Another number in the claim: the checker refuses it and the figure no longer stands, plain overlap sees nothing.

    The numbers are those written by hand and, for every sentence with one, another drawn by the seed.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    swaps = [(each.stands, each.number) for each in TWISTED]
    drawn = [(stands, falsify(stands, chance).get("number")) for _, stands in _all_sentences()]
    swaps += [(stands, false) for stands, false in drawn if false is not None]
    n = len(swaps)
    kept = sum(verify(stands, [stands]).verdict == "supported" for stands, _ in swaps)
    caught = sum(verify(false, [stands]).verdict == "unsupported" for stands, false in swaps)
    fooled = sum(_overlap(false, stands) >= OVERLAP for stands, false in swaps)
    gone = sum(_said_instead(stands, false).figures.hits == 0 for stands, false in swaps)
    true = sum(_said_instead(stands, stands).figures.value == 1 for stands, _ in swaps)
    # Of a short sentence the number is a good part of the words: overlap may see a few.
    passed = kept == caught == gone == true == n and fooled >= 0.9 * n
    measured = f"checker caught {caught}, figure rule {gone}, overlap {n - fooled} of {n}; {kept} true ones kept"
    return Control("number_swap", passed, measured)


def names_exchanged(seed: int) -> Control:
    """The names of two cited sentences, or of one, change places: the checker refuses each claim. Where they stand in
    two sentences the names no longer stand in what is cited; within one, plain overlap sees nothing at all."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    cited = [text for text in world.sentences("glass") if any(name in text for name in world.NAMES)]
    across = []
    for stands in cited:
        own = next(name for name in world.NAMES if name in stands)
        other = chance.choice([name for name in world.NAMES if name not in stands])
        across.append((stands, stands.replace(own, other)))
    pairs = [*across, *world.EXCHANGED]
    caught = sum(verify(false, [stands]).verdict == "unsupported" for stands, false in pairs)
    kept = sum(verify(stands, [stands]).verdict == "supported" for stands, _ in pairs)
    gone = sum(_said_instead(stands, false).names.value < 1 for stands, false in across)
    true = sum(_said_instead(stands, stands).names.value == 1 for stands, _ in across)
    fooled = sum(_overlap(false, stands) == 1 for stands, false in world.EXCHANGED)
    passed = kept == caught == len(pairs) and gone == true == len(across) and fooled == len(world.EXCHANGED)
    measured = f"checker caught {caught} of {len(pairs)}, name rule {gone} of {len(across)}; {kept} true ones kept"
    return Control("names_exchanged", passed, measured)


def _said_instead(stands: str, claim: str) -> Grounding:
    """The grounding of a claim that cites a sentence of the world."""
    document = next(document for document, text in _all_sentences() if text == stands)
    sound = world.answered((document, stands))
    return grounding(world.rendered(replace(sound, claims=(replace(sound.claims[0], text=claim),))))


def negation_inserted(_: int) -> Control:
    """A negation in the claim: the checker refuses it, plain overlap does not."""
    caught = sum(verify(each.negated, [each.stands]).verdict == "unsupported" for each in TWISTED)
    fooled = sum(_overlap(each.negated, each.stands) >= OVERLAP for each in TWISTED)
    n = len(TWISTED)
    passed = caught >= 0.9 * n and fooled >= 0.9 * n
    return Control("negation_inserted", passed, f"checker caught {caught}, overlap {n - fooled} of {n}")


def foreign_figure(seed: int) -> Control:
    """Another thing's figure beside the right one, or in its place, fails the case; the right one alone does not."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    own = ("baking", world.sentences("baking")[1])
    other, foreign = chance.choice([("sailing", "18 pupils"), ("sailing", "40 weeks"), ("clocks", "250 members")])
    wary = replace(case("wary", "answered", relevant=["baking.md"]), never=(foreign,))
    sentence = (other, next(text for text in world.sentences(other) if foreign in text))
    right, beside, instead = (_score(wary, world.answered(*said)) for said in ([own], [own, sentence], [sentence]))
    passed = right.passed and not beside.passed and not instead.passed
    return Control("foreign_figure", passed, f"foreign: {right.foreign}, {beside.foreign}, {instead.foreign}")


def gold_answer(_: int) -> Control:
    """The wanted sentences, word for word, score 1.0 on everything; each one left out is missed."""
    said = [("baking", world.sentences("baking")[1]), ("clocks", world.sentences("clocks")[2])]
    wanted = case("gold", "answered", ["25 people"], ["14 months", "fourteen months"], relevant=["baking.md"])
    whole = _board(asked(wanted, world.answered(*said)))
    half = _board(asked(wanted, world.answered(*said[:1])))
    names = (
        "passed",
        "nuggets_all",
        "relevant_document",
        "citations_valid",
        "verbatim",
        "contract_kept",
        "claims_carried",
        "figures_kept",
        "names_kept",
    )
    perfect = all(whole.rates[name].value == 1 for name in names) and whole.means["nugget_recall"] == 1
    missed = half.means["nugget_recall"] == 0.5 and half.rates["nuggets_all"].hits == 0
    measured = f"nugget recall {whole.means['nugget_recall']:.2f}, with half left out {half.means['nugget_recall']:.2f}"
    return Control("gold_answer", perfect and missed, measured)


def near_numbers(_: int) -> Control:
    """25 is not found in 250, 2.5, 1,025 or "25k"; it is in "25", "25%" and "twenty-five"."""
    wanted = case("near", "answered", ["25"])

    answer = world.answered(_all_sentences()[0])

    def found(text: str) -> bool:
        said = replace(answer, claims=(replace(answer.claims[0], text=text),))
        return all(_score(wanted, world.rendered(said)).nuggets)

    wrong = [text for text in ("250 people", "2.5 people", "1,025 people", "25k people", "B25x250") if found(text)]
    right = [text for text in ("25 people", "25% of them", "twenty-five people", "(25)") if found(text)]
    return Control(
        "near_numbers", not wrong and len(right) == 4, f"{len(wrong)} false and {len(right)} of 4 true finds"
    )


def padding(seed: int) -> Control:
    """An answer that lacks one thing, padded with all the supported text there is, scores better on no measure."""
    wanted = case("padded", "answered", ["25 people"], ["mild oil"], relevant=["baking.md"])
    lean = [("baking", world.sentences("baking")[1])]
    filler = [pair for pair in _all_sentences() if "mild oil" not in pair[1]]
    random.Random(seed).shuffle(filler)  # noqa: S311 - a repeatable shuffle, no secret
    long = [*lean]
    while sum(len(text.split()) for _, text in long) <= READ_WORDS:
        long += filler
    padded = world.answered(*long, ("clocks", "Old clocks are cleaned with mild oil."))
    before, after = _board(asked(wanted, world.answered(*lean))), _board(asked(wanted, padded))
    better = [name for name, rate in after.rates.items() if rate.n and rate.value > before.rates[name].value]
    better += [name for name in _NOT_BY_PADDING if after.means[name] > before.means[name]]
    words_seen = f"{before.means['answer_words']:.0f} -> {after.means['answer_words']:.0f} words"
    return Control("padding", not better, f"{words_seen}, better on: {', '.join(better) or 'nothing'}")


def constant_answers(_: int) -> Control:
    """Always answering and always declining both have a balanced accuracy of .5 at declining."""
    cases = [case(f"due{i}") for i in range(6)] + [case(f"silent{i}", "abstained") for i in range(2)]
    sound = world.answered(_all_sentences()[0])
    seen = [
        _board(*(asked(each, answer) for each in cases)).means["decline_balanced_accuracy"]
        for answer in (sound, world.declined())
    ]
    flags = [each.expect == "abstained" for each in cases]
    plain = [balanced_accuracy([always] * len(cases), flags) for always in (False, True)]
    return Control("constant_answers", seen == plain == [0.5, 0.5], f"{seen[0]:.2f} and {seen[1]:.2f}")


def random_ranking(seed: int) -> Control:
    """Rankings in random order come out at the chance level that follows from counting; the ideal order at 1."""
    n, k, trials = 40, 10, 4000
    documents = [str(i) for i in range(n)]
    shuffler = random.Random(seed)  # noqa: S311 - a repeatable shuffle, no secret
    orders = [shuffler.sample(documents, n) for _ in range(trials)]
    gains = {"7": 1.0}
    expected = {
        "ndcg": sum(1 / log2(place + 1) for place in range(1, k + 1)) / n,
        "mrr": sum(1 / place for place in range(1, k + 1)) / n,
        "recall": k / n,
        "hit": 1 / n,
    }
    measures: dict[str, Callable[..., float]] = {"ndcg": ndcg, "mrr": mrr, "recall": recall, "hit": hit}
    seen = {name: mean([measure(order, gains) for order in orders]) for name, measure in measures.items()}
    # Four standard errors; no measure varies more than a coin of its mean.
    near = all(abs(seen[x] - e) <= 4 * (e * (1 - e) / trials) ** 0.5 for x, e in expected.items())
    ideal = all(measure(["7", *documents[:7], *documents[8:]], gains) == 1 for measure in measures.values())
    measured = ", ".join(f"{name} {seen[name]:.3f} (chance {chance:.3f})" for name, chance in expected.items())
    return Control("random_ranking", near and ideal, measured)


def random_scores(seed: int) -> Control:
    """AUROC is near .5 for random scores, exactly .5 for equal ones, 1 for perfect ones, and turns round with them."""
    numbers = random.Random(seed)  # noqa: S311 - repeatable noise, no secret
    flags = [i % 3 == 0 for i in range(3000)]
    noise = auroc([numbers.random() for _ in flags], flags)
    equal, perfect, opposite = [1.0] * len(flags), list(map(float, flags)), [-float(flag) for flag in flags]
    exact = [auroc(scores, flags) for scores in (equal, perfect, opposite)]
    return Control("random_scores", abs(noise - 0.5) < 0.05 and exact == [0.5, 1, 0], f"noise {noise:.3f}")


def states(_: int) -> Control:
    """Empty, errored and unscorable answers are states of their own, count as misses, and make nothing infinite."""
    due = case("due", "answered", ["25"])
    outcomes = [
        asked(replace(due, id="sound"), world.answered(("baking", world.sentences("baking")[1]))),
        asked(replace(due, id="empty"), Answer("answered", "")),
        asked(replace(due, id="errored"), None, "it broke"),
        Outcome(replace(due, id="unscorable"), None, "no answer", "unscorable"),
    ]
    seen = _board(*outcomes)
    one_each = seen.states == {"scored": 1, "empty": 1, "errored": 1, "unscorable": 1}
    rates = (seen.rates["answered"].value, seen.rates["nuggets_all"].value, seen.means["nugget_recall"])
    finite = all(isfinite(value) for value in seen.means.values())
    measured = f"{dict(seen.states)}, answered {rates[0]:.2f}"
    return Control("states", one_each and finite and rates == (0.25, 0.25, 0.25), measured)


def same_bytes(_: int) -> Control:
    """Scoring the same answers twice, at other speeds, writes the same summary, results and reports."""
    cases = (case("a", "answered", ["25"]), case("b", "abstained"), case("c", "handed_on"))
    answers = (world.answered(*_all_sentences()[:2]), world.declined(), world.handed())
    written = []
    for speed in (1.0, 99.0):
        outcomes = {
            each.id: asked(each, replace(answer, timings_ms={"total": speed}), "", speed)
            for each, answer in zip(cases, answers, strict=True)
        }
        run = evaluate(Replies(outcomes), [QuestionSet("control.jsonl", cases, "0" * 64)])
        told = record.of(run, world.World())
        written.append((record.dumped(told.summary), told.results(), report.markdown(told)))
    same = written[0] == written[1]
    return Control("same_bytes", same, "the same" if same else "different")


def _board(*outcomes: Outcome) -> Board:
    return board([score(each, world.World()) for each in outcomes])


def _overlap(claim: str, evidence: str) -> float:
    """Share of the claim's content stems that stand in the evidence: the naive check that the product must beat."""
    said = set(terms(claim))
    return len(said & set(terms(evidence))) / len(said)


_CONTROLS: tuple[Callable[[int], Control], ...] = (
    citations_exchanged, citations_shifted, marks_forged, marks_shuffled, rewording_is_not_verbatim, number_swap,
    names_exchanged, negation_inserted, foreign_figure, gold_answer, near_numbers, padding, constant_answers,
    random_ranking, random_scores, states, same_bytes,
)  # fmt: skip
