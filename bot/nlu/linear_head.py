"""A calibrated linear head: unit vectors in, probabilities of labels out.

Multinomial logistic regression (scikit-learn), then one temperature fitted on out-of-fold scores
(Guo et al. 2017, *On Calibration of Modern Neural Networks*), so that a probability of 0.8 is right
about eight times in ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from bot.errors import WorkFailed

Matrix = npt.NDArray[np.float32]

_FILE = "linear_head.npz"
_FOLDS = 5
_TEMPERATURE_BOUNDS = (0.2, 5.0)


@dataclass(frozen=True)
class LinearHead:
    """Weights of a trained head.

    Attributes:
        labels: One name a class, in the order of the rows of `weights`.
        weights: `(n_labels, n_dims)`.
        biases: `(n_labels,)`.
        temperature: Divides the scores before the softmax.
    """

    labels: tuple[str, ...]
    weights: Matrix
    biases: Matrix
    temperature: float

    def predict(self, vectors: Matrix) -> Matrix:
        """Probabilities of `(n, n_dims)` vectors, `(n, n_labels)`; each row sums to one."""
        scores = vectors @ self.weights.T + self.biases
        return cast(Matrix, softmax(scores / self.temperature, axis=1))

    def save(self, directory: Path) -> None:
        """Write the head into a folder."""
        np.savez_compressed(
            directory / _FILE,
            labels=np.array(self.labels, dtype=np.str_),
            weights=self.weights,
            biases=self.biases,
            temperature=np.float32(self.temperature),
        )

    @classmethod
    def load(cls, directory: Path) -> LinearHead:
        """Read a head that `save` wrote; nothing in the file is executed."""
        with np.load(directory / _FILE, allow_pickle=False) as stored:
            return cls(
                labels=tuple(str(label) for label in stored["labels"]),
                weights=stored["weights"],
                biases=stored["biases"],
                temperature=float(stored["temperature"]),
            )


def train_head(
    vectors: Matrix, labels: Sequence[str], *, inverse_regularisation: float, seed: int
) -> LinearHead:
    """Fit the head to `(n, n_dims)` unit vectors.

    Raises:
        WorkFailed: There are fewer than two labels.
    """
    names = sorted(set(labels))
    if len(names) < 2:
        raise WorkFailed(f"training needs at least two labels, the data has {len(names)}")
    targets = np.array([names.index(label) for label in labels])
    scores, held_out = out_of_fold_scores(vectors, targets, inverse_regularisation, seed)
    temperature = _fit_temperature(scores[held_out], targets[held_out])
    weights, biases = _fit(vectors, targets, inverse_regularisation, seed)
    return LinearHead(tuple(names), weights, biases, temperature)


def out_of_fold_scores(
    vectors: Matrix, targets: npt.NDArray[np.int64], inverse_regularisation: float, seed: int
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """Score each vector by a head that has not seen it, in five folds.

    Returns:
        `(n, n_labels)` scores, and which of the `n` rows have any: a label's only message is always
        needed for training and never scored.
    """
    scores = np.zeros((len(targets), int(targets.max()) + 1), dtype=np.float32)
    folds = _assign_folds(targets, seed)
    for fold in range(_FOLDS):
        held_out = folds == fold
        if held_out.any():
            weights, biases = _fit(
                vectors[~held_out], targets[~held_out], inverse_regularisation, seed
            )
            scores[held_out] = vectors[held_out] @ weights.T + biases
    return scores, folds >= 0


def _assign_folds(targets: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
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


def _fit(
    vectors: Matrix, targets: npt.NDArray[np.int64], inverse_regularisation: float, seed: int
) -> tuple[Matrix, Matrix]:
    model = LogisticRegression(
        C=inverse_regularisation,
        class_weight="balanced",
        max_iter=1000,
        multi_class="multinomial",
        random_state=seed,
    )
    model.fit(vectors, targets)
    if len(model.classes_) == 2:
        # scikit-learn keeps one row for two classes; the second is its opposite.
        return (
            np.vstack([-model.coef_, model.coef_]).astype(np.float32),
            np.hstack([-model.intercept_, model.intercept_]).astype(np.float32),
        )
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)


def _fit_temperature(scores: Matrix, targets: npt.NDArray[np.int64]) -> float:
    if not len(targets):
        return 1.0
    rows = np.arange(len(targets))

    def loss(temperature: float) -> float:
        return float(-log_softmax(scores / temperature, axis=1)[rows, targets].mean())

    return float(minimize_scalar(loss, bounds=_TEMPERATURE_BOUNDS, method="bounded").x)
