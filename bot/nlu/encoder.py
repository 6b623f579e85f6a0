"""The sentence encoder: text in, unit vectors out.

Runs all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT) from an
int8 ONNX file with onnxruntime on the CPU. The files and where they come from: `models/encoder/`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from bot.errors import ConfigurationError

MAX_WORD_PIECES = 256
"""What the original model was trained to read; longer texts are cut."""

_BATCH_SIZE = 32

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EncodedText:
    """One text as the encoder sees it.

    Attributes:
        sentence: Mean of the word-piece vectors, unit length, `(n_dims,)`.
        pieces: One vector a word piece, `(n_pieces, n_dims)`.
        offsets: Start and end of each word piece in the text, in characters.
    """

    sentence: Vectors
    pieces: Vectors
    offsets: tuple[tuple[int, int], ...]


class SentenceEncoder:
    """Turns texts into vectors whose dot product is their cosine similarity."""

    def __init__(
        self, *, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, fingerprint: str
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint
        self.n_dims = int(session.get_outputs()[0].shape[-1])

    @classmethod
    def load(cls, directory: Path, *, threads: int = 1) -> SentenceEncoder:
        """Load `model.onnx` and `tokenizer.json`, after checking them against `provenance.json`.

        Raises:
            ConfigurationError: A file is missing or is not the one that was recorded.
        """
        return cls._open(directory, threads, check_files(directory))

    @classmethod
    def load_shared(cls, directory: Path, *, threads: int = 1) -> SentenceEncoder:
        """Return the encoder of these files that is in use already, else load it.

        A model and the one that takes its place while the bot runs have the same encoder, which is
        most of their memory and of the time to load them.

        Raises:
            ConfigurationError: A file is missing or is not the one that was recorded.
        """
        fingerprint = check_files(directory)
        encoder = _IN_USE.get((fingerprint, threads))
        if encoder is None:
            encoder = cls._open(directory, threads, fingerprint)
            _IN_USE[fingerprint, threads] = encoder
        return encoder

    @classmethod
    def _open(cls, directory: Path, threads: int, fingerprint: str) -> SentenceEncoder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_WORD_PIECES)
        tokenizer.no_padding()
        return cls(session=session, tokenizer=tokenizer, fingerprint=fingerprint)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; returns `(n_texts, n_dims)`, each row of unit length."""
        vectors = np.zeros((len(texts), self.n_dims), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        # Texts of like length share a batch: padding is work too.
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
        for start in range(0, len(order), _BATCH_SIZE):
            chosen = order[start : start + _BATCH_SIZE]
            hidden, mask = self._run([encodings[index] for index in chosen])
            vectors[chosen] = _mean_pool(hidden, mask)
        return vectors

    def encode(self, text: str) -> EncodedText:
        """Embed one text and keep the vectors of its word pieces."""
        encoding = self._tokenizer.encode(text)
        hidden, mask = self._run([encoding])
        return EncodedText(
            sentence=_mean_pool(hidden, mask)[0],
            pieces=hidden[0],
            offsets=tuple(encoding.offsets),
        )

    def _run(self, encodings: Sequence[Encoding]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = cast(Vectors, self._session.run(None, inputs)[0])
        return hidden, mask


_IN_USE: Final[WeakValueDictionary[tuple[str, int], SentenceEncoder]] = WeakValueDictionary()


def check_files(directory: Path) -> str:
    """Compare the encoder's files with the hashes in `provenance.json`.

    Returns:
        One hash over all of them, which changes when the encoder does.

    Raises:
        ConfigurationError: A file is missing or differs.
    """
    record = directory / "provenance.json"
    if not record.is_file():
        raise ConfigurationError(
            f"{directory}: no encoder here (provenance.json is missing); restore it from the "
            "repository"
        )
    expected = _read_hashes(record)
    for name, digest in expected.items():
        path = directory / name
        if not path.is_file():
            raise ConfigurationError(f"{path}: missing; restore it from the repository")
        # A model swap does this beside turns in work: the whole file in memory would stay there.
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            raise ConfigurationError(
                f"{path}: not the file that provenance.json records; restore it from the "
                "repository, or record the new encoder there"
            )
    return hashlib.sha256(json.dumps(expected, sort_keys=True).encode()).hexdigest()


def _read_hashes(record: Path) -> dict[str, str]:
    try:
        return dict(json.loads(record.read_text("utf-8"))["sha256"])
    except (ValueError, LookupError, TypeError) as error:
        raise ConfigurationError(
            f"{record}: does not hold the hashes of an encoder's files; restore it from the "
            "repository"
        ) from error


def _mean_pool(hidden: Vectors, mask: npt.NDArray[np.int64]) -> Vectors:
    """Average `(n, n_pieces, n_dims)` over the unmasked pieces and scale to unit length."""
    weights = mask[:, :, None].astype(np.float32)
    sums = (hidden * weights).sum(axis=1)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return cast(Vectors, sums / np.maximum(norms, 1e-12))
