"""Weights of the claim check, fitted anew: `python -m evals.fit` for quotes, `python -m evals.fit FILE` for documents.

Both are logistic regressions with an L2 penalty, classes weighed alike, solved by Newton's method (Hastie, Tibshirani
and Friedman, The Elements of Statistical Learning, 4.4.1). What comes out is copied into `bot/verify.py`.

Quotes: honest paraphrases of the tuning halves of the claim sets against the same sentences with one telling word
replaced, with a clause of another sentence added, or held against another quote, and against what stands beside a
quote in the guides (`evals.neighbours`); only those that no rule refuses and that have words which the quote has not,
since the weights have nothing to decide about the rest. Words alone decide first: so that DOUBT of what is refused
would pass by them, and no paraphrase fail. The intercept then lets KEPT of the paraphrases pass, as far
as REFUSED of the neighbours allows.
Documents: the rows of a labelled file with long evidence, also cross-validated.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.signals import lone_signals, open_words, overlap, quote_signals
from bot.verify import OVERLAP, THRESHOLD, alone, is_document, measure_document, objections
from corpus.words import STOPWORDS, words
from evals.claims import LabelledClaim, own_set, read_claims
from evals.metrics import auroc, balanced_accuracy
from evals.neighbours import neighbours

Floats = NDArray[np.float64]
SEED = 3
FOLDS = 5
# Strength of the penalty on each standardised weight.
PENALTY_QUOTE, PENALTY_DOCUMENT = 1.0, 4.0
# Of the honest paraphrases that no rule refuses so many must pass: the intercept of the quote case is moved to there.
KEPT = 0.97
# Of each kind of neighbour so many must be refused, by rules or weights, whatever of the paraphrases that costs.
REFUSED = {"neighbour": 0.99, "first clause": 0.96, "addition": 0.98}
# Neighbours of each kind among the rows, about as many as other falsehoods; the intercept is held to all there are.
BESIDE = 100
# Of the refused rows so many may come so near by their words alone that the model does not read them.
DOUBT = 0.03
# How far under the threshold the last neighbour is left: weights are rounded to two places.
MARGIN = 0.02


def fit(values: Floats, positive: Floats, penalty: float) -> tuple[Floats, float]:
    """Weights, shape (signals,), and intercept; `values` (rows, signals), `positive` 0 or 1 of each row."""
    middle, spread = values.mean(0), values.std(0) + 1e-9
    scaled = np.column_stack([(values - middle) / spread, np.ones(len(values))])
    share = positive.mean()
    each = np.where(positive == 1, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([penalty] * values.shape[1] + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (each * (positive - chance)) - ridge @ weights
        bend = (scaled * (each * chance * (1 - chance))[:, None]).T @ scaled + ridge
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    plain = weights[:-1] / spread
    return plain, float(weights[-1] - plain @ middle)


def quote_rows(
    claims: Sequence[LabelledClaim], beside: Sequence[LabelledClaim], seed: int = SEED
) -> tuple[Floats, Floats, Floats]:
    """Signals of words in their sentences, those of words alone, and labels for quotes: paraphrases, what was made of
    them that the quote does not carry, and what stands beside a quote."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    honest = [claim for claim in claims if claim.supported]
    foreign = sorted({word for claim in honest for word in words(" ".join(claim.evidence)) if _tells(word)})
    values, lone, labels = [], [], []

    def take(claim: str, quote: str, supported: bool) -> None:
        if is_open(claim, quote):
            values.append(quote_signals(claim, quote))
            lone.append(lone_signals(claim, quote))
            labels.append(float(supported))

    for claim in honest:
        quote = " ".join(claim.evidence)
        take(claim.claim, quote, True)
        other = chance.choice([each for each in honest if each.evidence != claim.evidence])
        for _ in range(3):
            take(_replaced(claim.claim, foreign, chance), quote, False)
        take(f"{claim.claim.rstrip('.')}, and {_end(other.claim)}", quote, False)
        take(other.claim, quote, False)
    for claim in beside:
        take(claim.claim, claim.evidence[0], False)
    return np.array(values), np.array(lone), np.array(labels)


def bounds(scores: Floats, labels: Floats) -> tuple[float, float]:
    """Of log-odds by words alone, as chances: the lowest of a paraphrase, and that above which DOUBT of the refused
    lie."""
    low, high = scores[labels == 1].min(), np.quantile(scores[labels == 0], 1 - DOUBT)
    return float(1 / (1 + np.exp(-low))), float(1 / (1 + np.exp(-high)))


def intercept_for(weights: Floats, values: Floats, labels: Floats, beside: Sequence[LabelledClaim]) -> float:
    """The intercept at which KEPT of the supported rows pass, or a lower one, at which of each kind of neighbour the
    share in REFUSED is refused."""
    intercept = -float(np.quantile(values[labels == 1] @ weights, 1 - KEPT))
    for kind, least in REFUSED.items():
        mine = [each for each in beside if each.kind == kind]
        # What the rules refuse is refused at any intercept, and some pass or fail by their words alone.
        left = [each for each in mine if is_open(each.claim, each.evidence[0])]
        rough = [alone(each.claim, each.evidence[0]) for each in left]
        read = [each for each, score in zip(left, rough, strict=True) if score is None]
        scores = sorted(float(np.dot(quote_signals(e.claim, e.evidence[0]), weights)) for e in read)
        passed = sum(score is not None and score >= THRESHOLD for score in rough)
        may_pass = max(0, int((1 - least) * len(mine)) - passed)
        if len(scores) > may_pass:
            intercept = min(intercept, -scores[-may_pass - 1] - MARGIN)
    return intercept


def is_open(claim: str, quote: str) -> bool:
    """Whether the weights decide: no rule refuses the claim, and the quote has some of its telling words, not all."""
    return open_words(claim, quote) and overlap(claim, quote) >= OVERLAP and not objections(claim, quote)


def document_rows(claims: Sequence[LabelledClaim]) -> tuple[Floats, Floats]:
    """Signals and labels of the claims whose evidence is a document."""
    long = [claim for claim in claims if is_document(claim.evidence)]
    values = [measure_document(claim.claim, [s for s in claim.evidence if s.strip()]) for claim in long]
    return np.array(values), np.array([float(claim.supported) for claim in long])


def cross_validated(values: Floats, positive: Floats, penalty: float) -> tuple[float, float]:
    """(AUROC, balanced accuracy at the shipped threshold) of scores from weights that were fitted without the row."""
    fold = np.arange(len(values)) % FOLDS
    scores = np.zeros(len(values))
    for each in range(FOLDS):
        weights, intercept = fit(values[fold != each], positive[fold != each], penalty)
        scores[fold == each] = 1 / (1 + np.exp(-(values[fold == each] @ weights + intercept)))
    truth = [bool(each) for each in positive]
    return auroc(scores.tolist(), truth), balanced_accuracy([bool(s >= THRESHOLD) for s in scores], truth)


def _tells(word: str) -> bool:
    return word.isalpha() and word not in STOPWORDS and len(word) > 3


def _replaced(claim: str, foreign: Sequence[str], chance: random.Random) -> str:
    """The claim with one telling word replaced by one that it does not have."""
    parts = claim.split(" ")
    places = [place for place, part in enumerate(parts) if _tells(part.strip(".,;").lower())]
    if places:
        place = chance.choice(places)
        new = chance.choice([word for word in foreign if word not in claim.lower()])
        parts[place] = new + parts[place][len(parts[place].rstrip(".,;")) :]
    return " ".join(parts)


def _end(claim: str) -> str:
    """The second half of a sentence."""
    parts = claim.split(" ")
    return " ".join(parts[len(parts) // 2 :])


def main(arguments: Sequence[str]) -> int:
    """Print the weights in the form in which `bot/verify.py` holds them, and how well they do."""
    if arguments:
        values, labels = document_rows(read_claims(Path(arguments[0])))
        name, penalty = "_DOCUMENT", PENALTY_DOCUMENT
    else:
        beside = neighbours("tune")
        few = [each for each in beside if int(each.id.rsplit("-", 1)[1]) <= BESIDE]
        values, words_alone, labels = quote_rows((*own_set("tune"), *own_set("wide-tune"), *own_set("work-tune")), few)
        lone, start = fit(words_alone, labels, PENALTY_QUOTE)
        print(f"_ALONE = (({', '.join(f'{w:.2f}' for w in lone)}), {start:.2f})")
        print("FAR, PLAIN = {:.3f}, {:.3f}".format(*bounds(words_alone @ lone + start, labels)))
        name, penalty = "_QUOTE", PENALTY_QUOTE
    weights, intercept = fit(values, labels, penalty)
    if not arguments:
        intercept = intercept_for(weights, values, labels, beside)
    area, balanced = cross_validated(values, labels, penalty)
    print(f"{name} = (({', '.join(f'{w:.2f}' for w in weights)}), {intercept:.2f})")
    print(
        f"{len(labels)} rows, {int(labels.sum())} supported; cross-validated: auroc {area:.4f}, balanced {balanced:.4f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
