"""The words and letters of a text as a vector, beside what the sentence encoder says it means.

Word and character n-grams weighted by TF-IDF, reduced by a truncated singular value decomposition
(latent semantic analysis, Deerwester et al. 1990). Character n-grams survive typing errors and know
the shop's own words, which a general encoder has never read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

Matrix = npt.NDArray[np.float32]

MAX_DIMS = 256
MAX_TERMS = 20_000
"""Of each kind of n-gram, the most frequent; what else there is hardly repeats."""

_POWER_ITERATIONS = 2
"""Of the randomised decomposition (Halko et al. 2011); more change no label here."""

_FILE = "lexical_space.npz"
_KINDS = ("words", "letters")
_NO_TERM = ""
"""No text has it; stands where texts have none, which scikit-learn refuses."""


@dataclass(frozen=True)
class LexicalSpace:
    """Turns texts into `(n, n_dims)` vectors of length at most one.

    Attributes:
        vectorizers: One a kind of n-gram, each with its vocabulary.
        axes: `(n_terms, n_dims)`, from TF-IDF weights to the reduced space.
    """

    vectorizers: tuple[TfidfVectorizer, ...]
    axes: Matrix

    @property
    def n_dims(self) -> int:
        """Length of a vector."""
        return int(self.axes.shape[1])

    def transform(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts, `(n_texts, n_dims)`; zeros where no n-gram is known."""
        weights = _join([vectorizer.transform(texts) for vectorizer in self.vectorizers])
        return cast(Matrix, weights @ self.axes)

    def transform_one(self, text: str) -> Matrix:
        """Vector of one text, `(n_dims,)`: that of `transform`, a tenth of the time."""
        vector = np.zeros(self.n_dims, dtype=np.float32)
        offset = 0
        for weigh in self._weighers:
            terms, weights = weigh.weigh(text)
            if len(terms):
                vector += weights @ self.axes[terms + offset]
            offset += weigh.n_terms
        return vector / np.float32(np.sqrt(len(self._weighers)))

    @cached_property
    def _weighers(self) -> tuple[_Weigher, ...]:
        return tuple(_Weigher.of(vectorizer) for vectorizer in self.vectorizers)

    def save(self, directory: Path) -> None:
        """Write the space into a folder."""
        arrays = {}
        for kind, vectorizer in zip(_KINDS, self.vectorizers, strict=True):
            # As an array of strings each term would take as much room as the longest.
            terms = json.dumps(vectorizer.get_feature_names_out().tolist())
            arrays[f"{kind}_terms"] = np.frombuffer(terms.encode(), dtype=np.uint8)
            arrays[f"{kind}_idf"] = vectorizer.idf_
        np.savez(directory / _FILE, axes=self.axes, **arrays)

    @classmethod
    def load(cls, directory: Path) -> LexicalSpace:
        """Read a space that `save` wrote; nothing in the file is executed."""
        with np.load(directory / _FILE, allow_pickle=False) as stored:
            vectorizers = []
            for kind in _KINDS:
                terms = json.loads(stored[f"{kind}_terms"].tobytes())
                vectorizer = _make_vectorizer(kind, terms)
                vectorizer.idf_ = stored[f"{kind}_idf"]
                vectorizers.append(vectorizer)
            return cls(tuple(vectorizers), stored["axes"])


@dataclass(frozen=True)
class _Weigher:
    """What a fitted vectorizer does to one text, without its checks and sparse matrices."""

    find_terms: Callable[[str], list[str]]
    vocabulary: Mapping[str, int]
    idf: npt.NDArray[np.float64]

    @classmethod
    def of(cls, vectorizer: TfidfVectorizer) -> _Weigher:
        vectorizer.get_feature_names_out()  # a vectorizer that was loaded numbers its terms now
        return cls(vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_)

    @property
    def n_terms(self) -> int:
        return len(self.vocabulary)

    def weigh(self, text: str) -> tuple[npt.NDArray[np.int64], Matrix]:
        """Numbers of the known terms and their weights, which make a row of length one."""
        found = Counter(map(self.vocabulary.get, self.find_terms(text)))
        found.pop(None, None)
        terms = np.fromiter((n for n in found if n is not None), np.int64, len(found))
        counts = np.fromiter(found.values(), np.float64, len(found))
        weights = (1.0 + np.log(counts)) * self.idf[terms]
        length = np.linalg.norm(weights)
        return terms, (weights / (length or 1.0)).astype(np.float32)


def fit_lexical_space(texts: Sequence[str], *, seed: int) -> tuple[LexicalSpace, Matrix]:
    """Learn the n-grams of texts, of which there must be at least one.

    Returns:
        The space, and the vectors of the texts in it, `(n_texts, n_dims)`.
    """
    vectorizers = tuple(_choose_vectorizer(kind, texts) for kind in _KINDS)
    weights = _join([vectorizer.fit_transform(texts) for vectorizer in vectorizers])
    n_dims = max(1, min(MAX_DIMS, min(weights.shape) - 1))
    if not weights.nnz:
        axes = np.zeros((weights.shape[1], n_dims), dtype=np.float32)
        return LexicalSpace(vectorizers, axes), weights @ axes
    # As scikit-learn's TruncatedSVD has it, which divides by zero where all texts are one and the
    # same.
    *_, found = randomized_svd(weights, n_dims, n_iter=_POWER_ITERATIONS, random_state=seed)
    axes = np.ascontiguousarray(found.T, dtype=np.float32)
    return LexicalSpace(vectorizers, axes), weights @ axes


def _choose_vectorizer(kind: str, texts: Sequence[str]) -> TfidfVectorizer:
    vectorizer = _make_vectorizer(kind, None)
    find_terms = vectorizer.build_analyzer()
    has_terms = any(find_terms(text) for text in texts)
    return vectorizer if has_terms else _make_vectorizer(kind, [_NO_TERM])


def _make_vectorizer(kind: str, terms: list[str] | None) -> TfidfVectorizer:
    shape = (
        {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"}
        if kind == "words"
        else {"analyzer": "char_wb", "ngram_range": (2, 5)}
    )
    return TfidfVectorizer(
        **shape,
        sublinear_tf=True,
        dtype=np.float32,
        vocabulary=terms,
        max_features=None if terms else MAX_TERMS,
    )


def _join(parts: Sequence[csr_matrix]) -> csr_matrix:
    """TF-IDF weights of all kinds, `(n_texts, n_terms)`, each row of length at most one."""
    # In double precision, in which they come, a product with the axes would copy all of those.
    weights = hstack(parts, format="csr", dtype=np.float32)
    weights.data /= np.float32(np.sqrt(len(parts)))
    return weights
