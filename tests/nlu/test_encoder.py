import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigurationError
from bot.nlu.encoder import MAX_WORD_PIECES, SentenceEncoder, Vectors, check_files
from tests.nlu.conftest import ENCODER

DATA = Path(__file__).parent / "data"
SENTENCES = (DATA / "encoder_sentences.txt").read_text("utf-8").splitlines()
LEAST_MEAN_COSINE = 0.99


@pytest.fixture
def copied_encoder(tmp_path: Path) -> Path:
    copy = tmp_path / "encoder"
    shutil.copytree(ENCODER, copy)
    return copy


@pytest.fixture(scope="module")
def vectors(encoder: SentenceEncoder) -> Vectors:
    """Of the agreement sentences, `(100, 384)`."""
    return encoder.embed(SENTENCES)


def test_the_repository_holds_the_recorded_encoder() -> None:
    assert len(check_files(ENCODER)) == 64


def test_an_altered_file_is_named(copied_encoder: Path) -> None:
    with (copied_encoder / "tokenizer.json").open("a") as file:
        file.write("\n")
    with pytest.raises(ConfigurationError, match=r"tokenizer\.json: not the file"):
        SentenceEncoder.load(copied_encoder)


def test_a_missing_file_is_named(copied_encoder: Path) -> None:
    (copied_encoder / "model.onnx").unlink()
    with pytest.raises(ConfigurationError, match=r"model\.onnx: missing"):
        SentenceEncoder.load(copied_encoder)


def test_a_folder_without_provenance_holds_no_encoder(copied_encoder: Path) -> None:
    (copied_encoder / "provenance.json").unlink()
    with pytest.raises(ConfigurationError, match=r"no encoder here \(provenance\.json is missing"):
        SentenceEncoder.load(copied_encoder)


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", '{"sha256": null}', '{"sha256": [1]}'])
def test_an_unreadable_provenance_is_named(copied_encoder: Path, record: str) -> None:
    (copied_encoder / "provenance.json").write_text(record)
    with pytest.raises(ConfigurationError, match=r"provenance\.json: does not hold the hashes"):
        SentenceEncoder.load(copied_encoder)


def test_another_encoder_has_another_fingerprint(copied_encoder: Path) -> None:
    record = copied_encoder / "provenance.json"
    recorded = json.loads(record.read_text("utf-8"))
    (copied_encoder / "model.onnx").write_bytes(b"another")
    recorded["sha256"]["model.onnx"] = hashlib.sha256(b"another").hexdigest()
    record.write_text(json.dumps(recorded))
    assert check_files(copied_encoder) != check_files(ENCODER)


def test_it_agrees_with_the_original_weights(vectors: Vectors) -> None:
    cosines = _cosines_with_original(vectors)
    assert len(SENTENCES) == 100
    assert cosines.mean() >= LEAST_MEAN_COSINE


def test_the_recorded_agreement_is_the_measured_one(vectors: Vectors) -> None:
    recorded = json.loads((ENCODER / "provenance.json").read_text("utf-8"))["agreement"]
    cosines = _cosines_with_original(vectors)
    assert round(float(cosines.mean()), 4) == recorded["mean_cosine"]
    assert round(float(cosines.min()), 4) == recorded["lowest_cosine"]
    assert recorded["sentences"] == len(SENTENCES)


def test_vectors_have_unit_length(vectors: Vectors) -> None:
    assert vectors.shape == (100, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_batch_gives_the_vectors_of_single_texts(encoder: SentenceEncoder) -> None:
    texts = [SENTENCES[0], "ok", " ".join(SENTENCES[:10]), *SENTENCES[1:40]]
    singles = np.stack([encoder.encode(text).sentence for text in texts])
    np.testing.assert_allclose(encoder.embed(texts), singles, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.embed([]).shape == (0, 384)


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\x00"])
def test_a_text_of_nothing_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    vector = encoder.encode(text).sentence
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_long_text_is_cut_where_the_model_stops_reading(encoder: SentenceEncoder) -> None:
    text = "parcel " * 5000
    encoded = encoder.encode(text)
    assert len(encoded.pieces) == MAX_WORD_PIECES
    np.testing.assert_allclose(encoded.sentence, encoder.encode(text + "refund").sentence)


def test_word_pieces_know_where_they_stand(encoder: SentenceEncoder) -> None:
    encoded = encoder.encode("where is it")
    words = ["where is it"[start:end] for start, end in encoded.offsets]
    assert words == ["", "where", "is", "it", ""]
    assert encoded.pieces.shape == (5, 384)


def _cosines_with_original(vectors: Vectors) -> Vectors:
    with np.load(DATA / "encoder_reference.npz") as stored:
        cosines: Vectors = (vectors * stored["vectors"]).sum(axis=1)
    return cosines
