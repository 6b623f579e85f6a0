"""Whether the best label is right at all: what decides between an answer and *no idea*.

A softmax has to choose one of its labels, whatever it is given. So a second, tiny model looks at
how it chose: how likely, by how much, how near the nearest known message is. It is a logistic
regression over held-out messages, so its probability is that of being right among such messages.
Where to draw the line is said as the share of right answers to keep, which means the same in every
shop; a fixed probability does not, since it depends on how much the shop does not cover.

Energy as a signal: Liu et al. 2020, *Energy-based Out-of-distribution Detection*; the nearest known
message: Sun et al. 2022, *Out-of-Distribution Detection with Deep Nearest Neighbors*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

SIGNALS = ("log_probability", "margin", "energy", "nearest", "nearest_elsewhere")

_SIGNS = (1, 1, 1, 1, -1, 0)
"""Which way each signal speaks, and after them what says whether the label is of a crowd."""

_FILE = "rejection.npz"
_REGULARISATION = 1.0
_FEWEST = 5
"""Of each outcome; with fewer there is nothing to learn, and the softmax is believed."""


@dataclass(frozen=True)
class Rejection:
    """Weights on signals as they are, and what held-out messages got.

    Attributes:
        weights: `(n_signals,)`.
        bias: Added to the weighted signals.
        kept: `(101,)` confidences; `kept[k]` is what `k` percent of the right answers stay below.
    """

    weights: Matrix
    bias: float
    kept: Matrix

    def confidence(self, signals: Matrix) -> Matrix:
        """Probabilities that the best label is right, `(n,)`, from `(n, n_signals)` signals."""
        known = signals[:, : len(self.weights)]
        return np.asarray(expit(known @ self.weights + self.bias), dtype=np.float32)

    def threshold(self, keep: float) -> float:
        """Confidence that this share of the right answers reaches, 0 to 1."""
        return float(np.interp(100 * (1 - keep), np.arange(len(self.kept)), self.kept))

    def save(self, directory: Path) -> None:
        """Write the rule into a folder."""
        np.savez(
            directory / _FILE, weights=self.weights, bias=np.float32(self.bias), kept=self.kept
        )

    @classmethod
    def load(cls, directory: Path) -> Rejection:
        """Read what `save` wrote; nothing in the file is executed."""
        with np.load(directory / _FILE, allow_pickle=False) as stored:
            return cls(stored["weights"], float(stored["bias"]), stored["kept"])


def believe_softmax() -> Rejection:
    """The rule without held-out messages: the best label's lead over the second, and its share.

    The lead alone would believe something of every message: one label is always ahead. A label with
    half of the probability counts as its lead says, a less likely one for less.
    """
    weights = np.zeros(len(SIGNALS), dtype=np.float32)
    weights[SIGNALS.index("margin")] = 1.0
    weights[SIGNALS.index("log_probability")] = 2.0
    return Rejection(weights, 2.0 * math.log(2.0), np.full(101, 0.5, dtype=np.float32))


def fit_rejection(signals: Matrix, right: Flags, *, monotone: bool = False) -> Rejection:
    """Fit to held-out messages' `(n, n_signals)` signals and whether their best label was right.

    With `monotone` no signal may speak against what it stands for: being likelier or nearer never
    makes less sure. Of very many articles the nearest is often the wrong one's twin, from which a
    free fit would learn to doubt just the messages that it has seen word for word.
    """
    if min(int(right.sum()), int((~right).sum())) < _FEWEST:
        return believe_softmax()
    means, spreads = signals.mean(axis=0), signals.std(axis=0)
    spreads = np.where(spreads > 0, spreads, 1.0)
    standard = (signals - means) / spreads
    if monotone:
        coefficients, intercept = _fit_monotone(standard, right)
    else:
        model = LogisticRegression(C=_REGULARISATION).fit(standard, right)
        coefficients, intercept = model.coef_[0], float(model.intercept_[0])
    weights = (coefficients / spreads).astype(np.float32)
    bias = float(intercept - weights @ means)
    confidences = expit(signals[right] @ weights + bias)
    kept = np.percentile(confidences, np.arange(101)).astype(np.float32)
    return Rejection(weights, bias, kept)


def _fit_monotone(signals: Matrix, right: Flags) -> tuple[npt.NDArray[np.float64], float]:
    """Fit scikit-learn's logistic regression with bounds on the weights of `SIGNALS`."""
    n_signals = signals.shape[1]
    signs = [_SIGNS[number % len(_SIGNS)] for number in range(n_signals)]
    bounds = [(0, None) if sign > 0 else (None, 0) if sign < 0 else (None, None) for sign in signs]
    outcomes = np.where(right, 1.0, -1.0)

    def loss_and_gradient(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[:-1], flat[-1]
        margins = outcomes * (signals @ weights + bias)
        pull = -_REGULARISATION * outcomes * expit(-margins)
        loss = _REGULARISATION * float(np.logaddexp(0, -margins).sum())
        gradient = np.append(signals.T @ pull + weights, pull.sum())
        return loss + 0.5 * float(weights @ weights), gradient

    found = minimize(
        loss_and_gradient,
        np.zeros(n_signals + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)],
    )
    return found.x[:-1], float(found.x[-1])
