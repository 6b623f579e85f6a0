"""Multinomial logistic regression in single precision, and class means where labels are many.

The same model and loss as scikit-learn's LogisticRegression (`multi_class="multinomial"`, balanced
class weights), minimised by SciPy's L-BFGS-B; scikit-learn computes it in double precision, which
takes three to ten times as long on these sizes and gives the same labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax

Matrix = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

MANY_LABELS = 1_000
"""From here on labels are known by their means: fitting costs examples x labels x dimensions."""

_MEANS_SCALE = 20.0
_MAX_ITERATIONS = 60


@dataclass(frozen=True)
class Linear:
    """Weights `(n_labels, n_dims)` and biases `(n_labels,)`."""

    weights: Matrix
    biases: Matrix

    def scores(self, vectors: Matrix) -> Matrix:
        """Scores of `(n, n_dims)` vectors, `(n, n_labels)`; their softmax is the probabilities."""
        return cast(Matrix, vectors @ self.weights.T + self.biases)


def fit_linear(
    vectors: Matrix, targets: Targets, n_labels: int, *, inverse_regularisation: float
) -> Linear:
    """Fit to `(n, n_dims)` vectors and their `(n,)` label numbers; every label counts alike."""
    if n_labels >= MANY_LABELS:
        return _label_means(vectors, targets, n_labels)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    n, n_dims = vectors.shape
    rows = np.arange(n)
    counts = np.bincount(targets, minlength=n_labels)
    costs = (inverse_regularisation * n / (n_labels * counts[targets])).astype(np.float32)

    def loss_and_gradient(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        parameters = flat.astype(np.float32).reshape(n_labels, n_dims + 1)
        weights, biases = parameters[:, :-1], parameters[:, -1]
        logs = log_softmax(vectors @ weights.T + biases, axis=1)
        loss = -float(costs @ logs[rows, targets]) + 0.5 * float((weights * weights).sum())
        errors = np.exp(logs)  # (n, n_labels)
        errors[rows, targets] -= 1.0
        errors *= costs[:, None]
        gradient = np.empty_like(parameters)
        gradient[:, :-1] = errors.T @ vectors + weights
        gradient[:, -1] = errors.sum(axis=0)
        return loss, gradient.ravel().astype(np.float64)

    found = minimize(
        loss_and_gradient,
        np.zeros(n_labels * (n_dims + 1)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _MAX_ITERATIONS, "gtol": 1e-4},
    )
    parameters = found.x.astype(np.float32).reshape(n_labels, n_dims + 1)
    return Linear(parameters[:, :-1].copy(), parameters[:, -1].copy())


def sum_by_label(vectors: Matrix, targets: Targets, n_labels: int) -> Matrix:
    """Add up the `(n, n_dims)` vectors of each label, `(n_labels, n_dims)`."""
    n = len(targets)
    members = csr_matrix((np.ones(n, np.float32), (targets, np.arange(n))), shape=(n_labels, n))
    return cast(Matrix, members @ vectors)


def _label_means(vectors: Matrix, targets: Targets, n_labels: int) -> Linear:
    sums = sum_by_label(vectors, targets, n_labels)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    means = sums / np.maximum(lengths, 1e-9)
    return Linear(means * np.float32(_MEANS_SCALE), np.zeros(n_labels, dtype=np.float32))
