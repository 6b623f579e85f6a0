"""Scores where labels are too many for one softmax: first the intent, then which of its labels.

A help center of ten thousand articles is one intent with ten thousand labels. Beside so many narrow
labels those of the bot's own flows, whose messages are of all kinds, would hardly ever be sure of
anything. So a softmax decides between the intents, and the nearest mean of its messages between the
labels of one (nearest class mean, Snell et al. 2017, *Prototypical Networks for Few-shot
Learning*).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from bot.nlu.softmax import Linear, fit_linear, sum_by_label

Matrix = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

_SHARPNESS = 40.0
"""Of the softmax over cosines; chosen on made-up articles, in wordings that were held out."""


@dataclass(frozen=True)
class Crowd:
    """Knows the intents by a linear layer and the labels of an intent that has several by means.

    Attributes:
        intents: Its rows are the intents.
        intent_of: Intent number of each label, `(n_labels,)`.
        means: Unit vectors `(n_crowded, n_dims)` of the labels that share their intent, ordered by
            intent and label.
    """

    intents: Linear
    intent_of: Targets
    means: Matrix

    @classmethod
    def of(
        cls, vectors: Matrix, targets: Targets, intent_of: Targets, *, inverse_regularisation: float
    ) -> Crowd:
        """Fit to `(n, n_dims)` vectors and their `(n,)` label numbers."""
        n_intents = int(intent_of.max()) + 1
        intents = fit_linear(
            vectors, intent_of[targets], n_intents, inverse_regularisation=inverse_regularisation
        )
        sums = sum_by_label(vectors, targets, len(intent_of))
        crowded = np.concatenate([np.zeros(0, np.int64), *list_crowds(intent_of)])
        return cls(intents, intent_of, _units(sums[crowded]))

    def scores(self, vectors: Matrix) -> Matrix:
        """Scores of `(n, n_dims)` vectors, `(n, n_labels)`; their softmax is the probabilities."""
        scores = self.intents.scores(vectors)[:, self.intent_of]
        units = _units(vectors)
        start = 0
        for labels in self._crowds:
            means = self.means[start : start + len(labels)]
            scores[:, labels] += log_softmax(np.float32(_SHARPNESS) * (units @ means.T), axis=1)
            start += len(labels)
        return scores

    @cached_property
    def is_crowded(self) -> npt.NDArray[np.bool_]:
        """Which labels share their intent with others, `(n_labels,)`."""
        return np.asarray(np.bincount(self.intent_of)[self.intent_of] > 1)

    @cached_property
    def _crowds(self) -> Sequence[Targets]:
        return list(list_crowds(self.intent_of))


def list_crowds(intent_of: Targets) -> Iterator[Targets]:
    """Yield the label numbers of each intent that has several, given each label's intent."""
    for intent in np.flatnonzero(np.bincount(intent_of) > 1):
        yield np.flatnonzero(intent_of == intent)


def number_intents(labels: Sequence[str]) -> Targets:
    """Number the intents of labels, `(n_labels,)`: that of `faq/<article>` is `faq`."""
    _, numbers = np.unique([label.split("/", 1)[0] for label in labels], return_inverse=True)
    return numbers.astype(np.int64)


def _units(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return cast(Matrix, vectors / np.maximum(lengths, np.float32(1e-9)))
