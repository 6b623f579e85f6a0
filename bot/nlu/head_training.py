"""Trains the head of the classifier, and fits what judges it on messages that it has not seen.

Messages are dealt out to four folds. What was fitted to three of them judges the fourth; from these
held-out judgements come the weight of the lexical vector, the temperature (Guo et al. 2017, *On
Calibration of Modern Neural Networks*) and the rule of rejection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from bot.errors import WorkFailed
from bot.nlu.crowd import Crowd, number_intents
from bot.nlu.intent_head import BLOCK, IntentHead, Matrix, Opinions, Targets, View, join
from bot.nlu.lexical import fit_lexical_space
from bot.nlu.neighbours import Neighbours
from bot.nlu.prototypes import Prototypes
from bot.nlu.rejection import Rejection, believe_softmax, fit_rejection
from bot.nlu.softmax import MANY_LABELS, fit_linear

_FOLDS = 4
_FEWEST_FOLDS = 2
_HELD_OUT_ENOUGH = 3_000
"""Messages after which another fold would tell nothing new."""

_MOST_OF_A_FOLD = 4_000
"""Messages of one fold that are judged, drawn at random from a larger one."""

_TEMPERATURE_BOUNDS = (0.2, 5.0)
_AS_FITTED = 1.0
_FEWEST_WRONG = 5
"""Held-out messages; with fewer wrong ones the likeliest temperature is the lowest there is."""


@dataclass(frozen=True)
class HeadSettings:
    """How a head is trained.

    Attributes:
        inverse_regularisation: Of the linear layer, scikit-learn's C.
        lexical_weights: What the lexical vector may be scaled with; the best on a held-out fold is
            kept.
        neighbour_weight: What the log density is scaled with before it is added.
        rejected_label: The label of what is not covered, whose messages teach to reject.
        seed: Of everything drawn at random.
    """

    inverse_regularisation: float = 20.0
    lexical_weights: tuple[float, ...] = (0.5, 1.0)
    neighbour_weight: float = 0.3
    rejected_label: str | None = None
    seed: int = 42


@dataclass(frozen=True)
class _Examples:
    """Texts, their `(n, n_dims)` unit vectors and their `(n,)` label numbers.

    `intent_of`: intent number of each label, `(n_labels,)`.
    """

    texts: Sequence[str]
    vectors: Matrix
    targets: Targets
    intent_of: Targets

    @property
    def n_labels(self) -> int:
        return len(self.intent_of)

    def at(self, rows: npt.NDArray[np.int64]) -> _Examples:
        texts = [self.texts[row] for row in rows]
        return _Examples(texts, self.vectors[rows], self.targets[rows], self.intent_of)


@dataclass(frozen=True)
class _Split:
    """One fold: what the others make of it."""

    known: _Examples
    known_lexical: Matrix
    held_out: _Examples
    held_out_lexical: Matrix
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True)
class HeldOut:
    """Judgements on messages by parts that have not seen them.

    Attributes:
        rows: Which examples these are, `(n,)`.
        views: One an example, not yet tempered.
        targets: Their right label numbers, `(n,)`.
    """

    rows: npt.NDArray[np.int64]
    views: Sequence[View]
    targets: Targets


def train_head(
    texts: Sequence[str], vectors: Matrix, labels: Sequence[str], settings: HeadSettings
) -> IntentHead:
    """Fit a head to texts, their `(n, n_dims)` unit sentence vectors and their labels.

    Raises:
        WorkFailed: There are fewer than two labels.
    """
    names, examples = _number(texts, vectors, labels)
    rejected = names.index(settings.rejected_label) if settings.rejected_label in names else -1
    splits = _split(examples, settings.seed, enough=_HELD_OUT_ENOUGH)
    weight = _choose_weight(splits[:1], settings)
    held_out = _judge(splits, weight, settings)
    temperature = _fit_temperature(held_out)
    space, lexical = fit_lexical_space(examples.texts, seed=settings.seed)
    return IntentHead(
        labels=names,
        lexical=space,
        lexical_weight=weight,
        opinions=_form_opinions(examples, lexical, weight, settings),
        temperature=temperature,
        rejection=_fit_rejection(held_out, temperature, rejected),
        rejected=rejected,
    )


def predict_held_out(
    texts: Sequence[str], vectors: Matrix, labels: Sequence[str], settings: HeadSettings
) -> list[str | None]:
    """Give each message's best label by a head that was trained without the message's fold.

    None where that cannot be said, since the message is its label's only one.
    """
    names, examples = _number(texts, vectors, labels)
    splits = _split(examples, settings.seed, enough=len(texts))
    weight = _choose_weight(splits[:1], settings)
    held_out = _judge(splits, weight, settings)
    best: list[str | None] = [None] * len(examples.texts)
    for row, view in zip(held_out.rows, held_out.views, strict=True):
        best[row] = names[view.shortlist[view.best(rejected=-1)]]
    return best


def _number(
    texts: Sequence[str], vectors: Matrix, labels: Sequence[str]
) -> tuple[tuple[str, ...], _Examples]:
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise WorkFailed(f"training needs at least two labels, the data has {len(names)}")
    numbers = {name: number for number, name in enumerate(names)}
    targets = np.array([numbers[label] for label in labels], dtype=np.int64)
    return names, _Examples(texts, vectors, targets, number_intents(names))


def assign_folds(targets: Targets, seed: int) -> Targets:
    """Deal each label's rows out to the folds, `(n,)`; -1 for a row that is its label's only one.

    scikit-learn's StratifiedKFold would let one label with few messages decide for all.
    """
    generator = np.random.default_rng(seed)
    folds = np.full(len(targets), -1, dtype=np.int64)
    for target in np.unique(targets):
        rows = generator.permutation(np.flatnonzero(targets == target))
        if len(rows) > 1:
            folds[rows] = np.arange(len(rows)) % _FOLDS
    return folds


def _split(examples: _Examples, seed: int, *, enough: int) -> list[_Split]:
    """Make as many of the four splits as are needed to judge enough messages."""
    folds = assign_folds(examples.targets, seed)
    n_needed = math.ceil(enough * _FOLDS / len(examples.texts))
    splits = []
    for fold in range(min(_FOLDS, max(_FEWEST_FOLDS, n_needed))):
        rows = np.flatnonzero(folds == fold)
        if not len(rows):
            continue
        known = examples.at(np.flatnonzero(folds != fold))
        if len(rows) > max(enough, _MOST_OF_A_FOLD):
            draw = np.random.default_rng([seed, fold])
            rows = np.sort(draw.choice(rows, _MOST_OF_A_FOLD, replace=False))
        held_out = examples.at(rows)
        space, lexical = fit_lexical_space(known.texts, seed=seed)
        splits.append(_Split(known, lexical, held_out, space.transform(held_out.texts), rows))
    return splits


def _choose_weight(splits: Sequence[_Split], settings: HeadSettings) -> float:
    """Find the lexical weight with which the held-out labels are most likely."""
    if len(settings.lexical_weights) == 1 or not splits:
        return settings.lexical_weights[0]

    def loss(weight: float) -> float:
        total = 0.0
        for split in splits:
            opinions = _form_opinions(split.known, split.known_lexical, weight, settings)
            joints = join(split.held_out.vectors, split.held_out_lexical, weight)
            for start in range(0, len(joints), BLOCK):
                logs = log_softmax(opinions.scores(joints[start : start + BLOCK]), axis=1)
                targets = split.held_out.targets[start : start + BLOCK]
                total -= float(logs[np.arange(len(logs)), targets].sum())
        return total

    return min(settings.lexical_weights, key=loss)


def _judge(splits: Sequence[_Split], weight: float, settings: HeadSettings) -> HeldOut:
    views: list[View] = []
    for split in splits:
        opinions = _form_opinions(split.known, split.known_lexical, weight, settings)
        views += opinions.look(join(split.held_out.vectors, split.held_out_lexical, weight))
    no_rows = np.zeros(0, dtype=np.int64)
    return HeldOut(
        np.concatenate([no_rows, *(split.rows for split in splits)]),
        views,
        np.concatenate([no_rows, *(split.held_out.targets for split in splits)]),
    )


def _form_opinions(
    examples: _Examples, lexical: Matrix, weight: float, settings: HeadSettings
) -> Opinions:
    joint = join(examples.vectors, lexical, weight)
    targets, n_labels = examples.targets, examples.n_labels
    neighbours = Neighbours.of(joint, targets, n_labels)
    strength = settings.inverse_regularisation
    if n_labels >= MANY_LABELS:
        crowd = Crowd.of(joint, targets, examples.intent_of, inverse_regularisation=strength)
        return Opinions(crowd, None, neighbours.in_bytes(), settings.neighbour_weight)
    return Opinions(
        fit_linear(joint, targets, n_labels, inverse_regularisation=strength),
        Prototypes.of(examples.vectors, targets, n_labels),
        neighbours,
        settings.neighbour_weight,
    )


def _fit_temperature(held_out: HeldOut) -> float:
    if not held_out.views:
        return _AS_FITTED
    logs = np.stack([view.logs for view in held_out.views])  # (n, n_shortlist)
    shortlists = np.stack([view.shortlist for view in held_out.views])
    # Where the right label is not even on the shortlist, no temperature makes it likelier.
    right = shortlists == held_out.targets[:, None]
    if not right.any():
        return _AS_FITTED
    best = shortlists[np.arange(len(logs)), logs.argmax(axis=1)]
    lowest, highest = _TEMPERATURE_BOUNDS
    if (best != held_out.targets).sum() < _FEWEST_WRONG:
        lowest = _AS_FITTED

    def loss(temperature: float) -> float:
        tempered = log_softmax(logs / np.float32(temperature), axis=1)
        return -float(tempered[right].sum(dtype=np.float64))

    return float(minimize_scalar(loss, bounds=(lowest, highest), method="bounded").x)


def _fit_rejection(held_out: HeldOut, temperature: float, rejected: int) -> Rejection:
    if not held_out.views:
        return believe_softmax()
    views = [view.tempered(temperature) for view in held_out.views]
    signals = np.vstack([view.signals(rejected) for view in views])
    best = np.array([view.shortlist[view.best(rejected)] for view in views])
    has_crowd = views[0].crowded is not None
    return fit_rejection(signals, best == held_out.targets, monotone=has_crowd)
