"""The head of the classifier: a text and its sentence vector in, probabilities of labels out.

Three opinions make one: a linear layer over the encoder's vector and the lexical vector, a kernel
density of the nearest training messages (both as log-probabilities, added), and a rule that says
whether the best of them is to be believed at all. How each is fitted: `head_training`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, logsumexp

from bot.nlu.lexical import LexicalSpace
from bot.nlu.neighbours import Neighbours
from bot.nlu.rejection import SIGNALS, Rejection
from bot.nlu.softmax import Linear

Matrix = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

SHORTLIST = 10
"""Labels that the neighbours are asked about: the linear layer's best."""

_FILE = "intent_head.npz"


@dataclass(frozen=True)
class Verdict:
    """What the head makes of one message.

    Attributes:
        labels: Best first, at most `SHORTLIST`.
        probabilities: One a label, `(n,)`; they sum to one.
        confidence: Probability that the best label other than the rejected one is right.
    """

    labels: tuple[str, ...]
    probabilities: Matrix
    confidence: float


@dataclass(frozen=True)
class IntentHead:
    """A trained head; `labels` are in the order of the linear layer's rows."""

    labels: tuple[str, ...]
    lexical: LexicalSpace
    lexical_weight: float
    linear: Linear
    neighbours: Neighbours
    neighbour_weight: float
    temperature: float
    rejection: Rejection
    rejected: int

    def judge(self, text: str, vector: Matrix) -> Verdict:
        """Judge one message from its text and its `(n_dims,)` sentence vector."""
        joint = join(vector[None], self.lexical.transform([text]), self.lexical_weight)
        scores = self.linear.scores(joint)
        view = look(joint[0], scores[0], self.neighbours, self.neighbour_weight)
        view = view.tempered(self.temperature)
        order = np.argsort(-view.logs)
        confidence = self.rejection.confidence(view.signals(self.rejected)[None])[0]
        return Verdict(
            tuple(self.labels[view.shortlist[index]] for index in order),
            np.exp(view.logs[order]),
            float(confidence),
        )

    def save(self, directory: Path) -> None:
        """Write the head into a folder."""
        self.lexical.save(directory)
        self.rejection.save(directory)
        np.savez(
            directory / _FILE,
            labels=np.array(self.labels, dtype=np.str_),
            weights=self.linear.weights,
            biases=self.linear.biases,
            examples=self.neighbours.vectors,
            starts=self.neighbours.starts,
            numbers=np.array(
                [self.lexical_weight, self.neighbour_weight, self.temperature], dtype=np.float32
            ),
            rejected=self.rejected,
        )

    @classmethod
    def load(cls, directory: Path) -> IntentHead:
        """Read a head that `save` wrote; nothing in the files is executed."""
        with np.load(directory / _FILE, allow_pickle=False) as stored:
            lexical_weight, neighbour_weight, temperature = stored["numbers"].tolist()
            return cls(
                labels=tuple(str(label) for label in stored["labels"]),
                lexical=LexicalSpace.load(directory),
                lexical_weight=lexical_weight,
                linear=Linear(stored["weights"], stored["biases"]),
                neighbours=Neighbours(stored["examples"], stored["starts"]),
                neighbour_weight=neighbour_weight,
                temperature=temperature,
                rejection=Rejection.load(directory),
                rejected=int(stored["rejected"]),
            )


@dataclass(frozen=True)
class View:
    """One message seen by linear layer and neighbours, over a shortlist of labels.

    `logs`: `(n_shortlist,)` log-probabilities. `nearest`: cosine of each label's nearest example.
    """

    shortlist: Targets
    logs: Matrix
    nearest: Matrix
    energy: float

    def tempered(self, temperature: float) -> View:
        """The same view with its probabilities sharpened or softened."""
        logs = cast(Matrix, log_softmax(self.logs / np.float32(temperature)))
        return replace(self, logs=logs)

    def best(self, rejected: int) -> int:
        """Position in the shortlist of the most likely label other than the rejected one."""
        logs = np.where(self.shortlist == rejected, -np.inf, self.logs)
        return int(np.argmax(logs))

    def signals(self, rejected: int) -> Matrix:
        """The signals of `rejection.SIGNALS`, `(n_signals,)`."""
        best = self.best(rejected)
        others = np.arange(len(self.shortlist)) != best
        elsewhere = self.shortlist == rejected
        if not elsewhere.any():
            elsewhere = others
        values = (
            self.logs[best],
            self.logs[best] - (self.logs[others].max() if others.any() else -20.0),
            self.energy,
            self.nearest[best],
            self.nearest[elsewhere].max() if elsewhere.any() else 0.0,
        )
        assert len(values) == len(SIGNALS)  # noqa: S101 - two lists that belong together
        return np.array(values, dtype=np.float32)


def look(joint: Matrix, scores: Matrix, neighbours: Neighbours, neighbour_weight: float) -> View:
    """See one message.

    Args:
        joint: Its vector as `join` makes it, `(n_dims + n_lexical_dims,)`.
        scores: What the linear layer makes of that, `(n_labels,)`.
        neighbours: Of vectors of the same kind.
        neighbour_weight: See `HeadSettings`.
    """
    n_best = min(SHORTLIST, len(scores))
    shortlist = np.argpartition(-scores, n_best - 1)[:n_best].astype(np.int64)
    densities, nearest = neighbours.look(joint, shortlist)
    energy = float(logsumexp(scores))
    logs = scores[shortlist] - energy + np.float32(neighbour_weight) * densities
    return View(shortlist, cast(Matrix, log_softmax(logs)), nearest, energy)


def join(vectors: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Put both kinds of vectors side by side, `(n, n_dims + n_lexical_dims)`."""
    return np.hstack([vectors, np.float32(weight) * lexical]).astype(np.float32)
