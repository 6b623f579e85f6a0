"""Made-up examples for the head: a cloud of unit vectors and a few words for each label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.softmax import Matrix, Targets

DIMS = 16


@dataclass(frozen=True)
class Samples:
    """Texts, their `(n, DIMS)` unit vectors and their labels."""

    texts: Sequence[str]
    vectors: Matrix
    labels: Sequence[str]

    @property
    def targets(self) -> Targets:
        """Label numbers in the order of the labels' names, `(n,)`."""
        names = sorted(set(self.labels))
        return np.array([names.index(label) for label in self.labels], dtype=np.int64)


def make_samples(
    sizes: Mapping[str, int], *, spread: float = 0.35, seed: int = 1, draw: int = 0
) -> Samples:
    """Draw so many examples of each label; another `draw` has other examples of the same labels."""
    texts, vectors, labels = [], [], []
    for number, (label, size) in enumerate(sizes.items()):
        centre = np.random.default_rng([seed, number]).normal(size=DIMS)
        generator = np.random.default_rng([seed, number, draw + 1])
        words = [f"{label.replace('/', '')}{word}" for word in ("ing", "er", "ed", "able")]
        noise = generator.normal(size=(size, DIMS))
        vectors.append(centre / np.linalg.norm(centre) + spread * noise)
        texts += [" ".join(generator.choice([*words, "the", "my", "it"], 4)) for _ in range(size)]
        labels += [label] * size
    stacked = np.vstack(vectors).astype(np.float32)
    return Samples(texts, stacked / np.linalg.norm(stacked, axis=1, keepdims=True), labels)
