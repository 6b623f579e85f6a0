"""The head of the classifier: a text and its sentence vector in, probabilities of labels out.

Three opinions make one, added as log-probabilities: a linear layer over the encoder's vector and
the lexical vector, a bonus for labels with few examples, and a kernel density of the nearest
training messages. Where labels are very many, `crowd` takes the place of the first two. A rule then
says whether the best label is to be believed at all. How each is fitted: `head_training`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, logsumexp

from bot.nlu.crowd import Crowd
from bot.nlu.lexical import LexicalSpace
from bot.nlu.neighbours import Neighbours
from bot.nlu.prototypes import Prototypes
from bot.nlu.rejection import SIGNALS, Rejection
from bot.nlu.softmax import Linear

Matrix = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

SHORTLIST = 10
"""Labels that the neighbours are asked about: the linear layer's best."""

BLOCK = 512
"""Messages that are scored at once: of 10,000 labels that are 20 MB."""

_FILE = "intent_head.npz"


@dataclass(frozen=True)
class Verdict:
    """What the head makes of one message.

    Attributes:
        labels: Best first, at most `SHORTLIST`.
        probabilities: One a label, `(n,)`; they sum to one.
        confidence: Probability that the best label other than the rejected one is right.
        likeness: Cosine of that label's nearest training message, -1 to 1.
    """

    labels: tuple[str, ...]
    probabilities: Matrix
    confidence: float
    likeness: float = 0.0


@dataclass(frozen=True)
class IntentHead:
    """A trained head; `labels` are in the order of the linear layer's rows."""

    labels: tuple[str, ...]
    lexical: LexicalSpace
    lexical_weight: float
    opinions: Opinions
    temperature: float
    rejection: Rejection
    rejected: int

    def judge(self, text: str, vector: Matrix) -> Verdict:
        """Judge one message from its text and its `(n_dims,)` sentence vector."""
        joint = join(vector[None], self.lexical.transform_one(text)[None], self.lexical_weight)
        [view] = self.opinions.look(joint)
        view = view.tempered(self.temperature)
        order = np.argsort(-view.logs)
        confidence = self.rejection.confidence(view.signals(self.rejected)[None])[0]
        return Verdict(
            tuple(self.labels[view.shortlist[index]] for index in order),
            np.exp(view.logs[order]),
            float(confidence),
            float(view.nearest[view.best(self.rejected)]),
        )

    def save(self, directory: Path) -> None:
        """Write the head into a folder."""
        self.lexical.save(directory)
        self.rejection.save(directory)
        np.savez(
            directory / _FILE,
            labels=np.array(self.labels, dtype=np.str_),
            **self.opinions.to_arrays(),
            numbers=np.array(
                [self.lexical_weight, self.opinions.neighbour_weight, self.temperature],
                dtype=np.float32,
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
                opinions=Opinions.from_arrays(stored, neighbour_weight),
                temperature=temperature,
                rejection=Rejection.load(directory),
                rejected=int(stored["rejected"]),
            )


@dataclass(frozen=True)
class View:
    """One message seen by linear layer and neighbours, over a shortlist of labels.

    `logs`: `(n_shortlist,)` log-probabilities. `nearest`: cosine of each label's nearest example.
    `crowded`: which labels are of a crowd; None where there is none.
    """

    shortlist: Targets
    logs: Matrix
    nearest: Matrix
    energy: float
    crowded: npt.NDArray[np.bool_] | None = None

    def tempered(self, temperature: float) -> View:
        """The same view with its probabilities sharpened or softened."""
        logs = cast(Matrix, log_softmax(self.logs / np.float32(temperature)))
        return replace(self, logs=logs)

    def best(self, rejected: int) -> int:
        """Position in the shortlist of the most likely label other than the rejected one."""
        logs = np.where(self.shortlist == rejected, -np.inf, self.logs)
        return int(np.argmax(logs))

    def signals(self, rejected: int) -> Matrix:
        """The signals of `rejection.SIGNALS`, `(n_signals,)`.

        With a crowd they are there twice, the first zero where the best label is of one, the second
        where it is not, and between them stands whether it is: thus the rule of rejection is one of
        its own for either kind of label.
        """
        best = self.best(rejected)
        others = np.arange(len(self.shortlist)) != best
        elsewhere = self.shortlist == rejected
        if not elsewhere.any():
            elsewhere = others
        values: tuple[float, ...] = (
            self.logs[best],
            self.logs[best] - (self.logs[others].max() if others.any() else -20.0),
            self.energy,
            self.nearest[best],
            self.nearest[elsewhere].max() if elsewhere.any() else 0.0,
        )
        assert len(values) == len(SIGNALS)  # noqa: S101 - two lists that belong together
        if self.crowded is not None:
            in_crowd = float(self.crowded[best])
            lonely = ((1 - in_crowd) * value for value in values)
            values = (*lonely, in_crowd, *(in_crowd * value for value in values))
        return np.array(values, dtype=np.float32)


@dataclass(frozen=True)
class Opinions:
    """What a label's examples say about a message, each in its way."""

    linear: Linear | Crowd
    prototypes: Prototypes | None
    neighbours: Neighbours
    neighbour_weight: float

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what `from_arrays` needs."""
        neighbours = self.neighbours
        arrays: dict[str, npt.NDArray[Any]] = {
            "examples": neighbours.vectors,
            "starts": neighbours.starts,
        }
        if neighbours.scales is not None:
            arrays["scales"] = neighbours.scales
        linear = self.linear
        if isinstance(linear, Crowd):
            arrays |= {"intent_of": linear.intent_of, "crowd": linear.means}
            linear = linear.intents
        if self.prototypes is not None:
            arrays |= {"means": self.prototypes.means, "breadths": self.prototypes.weights}
        return arrays | {"weights": linear.weights, "biases": linear.biases}

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, npt.NDArray[Any]], neighbour_weight: float
    ) -> Opinions:
        """Put together what `to_arrays` has taken apart."""
        linear = Linear(arrays["weights"], arrays["biases"])
        scales = arrays["scales"] if "scales" in arrays else None  # noqa: SIM401 - no real mapping
        neighbours = Neighbours(arrays["examples"], arrays["starts"], scales)
        if "crowd" in arrays:
            crowd = Crowd(linear, arrays["intent_of"], arrays["crowd"])
            return cls(crowd, None, neighbours, neighbour_weight)
        prototypes = Prototypes(arrays["means"], arrays["breadths"])
        return cls(linear, prototypes, neighbours, neighbour_weight)

    def look(self, joints: Matrix) -> list[View]:
        """See messages, given as their `(n, n_dims + n_lexical_dims)` joint vectors."""
        return [
            self._look(joint, scores)
            for start in range(0, len(joints), BLOCK)
            for joint, scores in zip(
                joints[start : start + BLOCK],
                self.scores(joints[start : start + BLOCK]),
                strict=True,
            )
        ]

    def scores(self, joints: Matrix) -> Matrix:
        """Scores before the neighbours are asked, `(n, n_labels)`, of `(n, …)` joint vectors."""
        if self.prototypes is None:
            return self.linear.scores(joints)
        sentences = joints[:, : self.prototypes.means.shape[1]]
        return self.linear.scores(joints) + self.prototypes.bonus(sentences)

    def _look(self, joint: Matrix, scores: Matrix) -> View:
        n_best = min(SHORTLIST, len(scores))
        shortlist = np.argpartition(-scores, n_best - 1)[:n_best].astype(np.int64)
        densities, nearest = self.neighbours.look(joint, shortlist)
        energy = float(logsumexp(scores))
        logs = scores[shortlist] - energy + np.float32(self.neighbour_weight) * densities
        crowded = self.linear.is_crowded[shortlist] if isinstance(self.linear, Crowd) else None
        return View(shortlist, cast(Matrix, log_softmax(logs)), nearest, energy, crowded)


def join(vectors: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Put both kinds of vectors side by side, `(n, n_dims + n_lexical_dims)`."""
    return np.hstack([vectors, np.float32(weight) * lexical]).astype(np.float32)
