import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.featurizer import SentenceEncoderFeaturizer
from bot.nlu.tokenizer import SpacyWordTokenizer
from tests.nlu.conftest import ENCODER

CONFIG = SentenceEncoderFeaturizer.get_default_config() | {"encoder": str(ENCODER)}


@pytest.fixture
def featurizer(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> SentenceEncoderFeaturizer:
    return SentenceEncoderFeaturizer.create(CONFIG, storage, resource, context)


@pytest.fixture
def token_featurizer(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> SentenceEncoderFeaturizer:
    config = CONFIG | {"token_features": True}
    return SentenceEncoderFeaturizer.create(config, storage, resource, context)


@pytest.fixture
def tokenizer(storage: ModelStorage, resource: Resource, context: ExecutionContext) -> Tokenizer:
    config = SpacyWordTokenizer.get_default_config()
    return SpacyWordTokenizer.create(config, storage, resource, context)


def sentence_vector(message: Message) -> Any:
    return message.get_dense_features("text")[1].features


def test_a_message_gets_the_encoders_vector(
    featurizer: SentenceEncoderFeaturizer, encoder: SentenceEncoder
) -> None:
    message = featurizer.process([Message({"text": "where is it"})])[0]
    np.testing.assert_allclose(sentence_vector(message), encoder.embed(["where is it"]), atol=1e-6)


def test_training_and_serving_see_the_same_vectors(featurizer: SentenceEncoderFeaturizer) -> None:
    texts = ["where is it", "cancel 👍", "a much longer message about one parcel of many"]
    trained = featurizer.process_training_data(
        TrainingData([Message.build(text, intent="any") for text in texts])
    ).training_examples
    served = featurizer.process([Message({"text": text}) for text in texts])
    for one, other in zip(trained, served, strict=True):
        np.testing.assert_allclose(sentence_vector(one), sentence_vector(other), atol=1e-5)


def test_answers_are_encoded_only_where_something_is_trained_on_them(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    for responses in (False, True):
        config = CONFIG | {"responses": responses}
        featurizer = SentenceEncoderFeaturizer.create(config, storage, resource, context)
        example = Message({"text": "how to buy", "intent": "faq", "response": "Put it in the cart"})
        featurizer.process_training_data(TrainingData([example]))

        assert example.get_dense_features("text")[1] is not None
        assert (example.get_dense_features("response")[1] is not None) == responses


def test_emoji_say_different_things(featurizer: SentenceEncoderFeaturizer) -> None:
    up, down = featurizer.process([Message({"text": "👍"}), Message({"text": "👎"})])
    assert not np.allclose(sentence_vector(up), sentence_vector(down), atol=0.05)


def test_a_message_without_text_gets_none(featurizer: SentenceEncoderFeaturizer) -> None:
    message = featurizer.process([Message({"text": ""})])[0]
    assert message.get_dense_features("text") == (None, None)


def test_each_word_may_have_a_vector_of_its_own(
    token_featurizer: SentenceEncoderFeaturizer, tokenizer: Tokenizer
) -> None:
    message = Message({"text": "where is my trackingnumber 📦"})
    token_featurizer.process(tokenizer.process([message]))
    sequence, sentence = message.get_dense_features("text")
    assert sequence.features.shape == (5, 384)
    assert sentence.features.shape == (1, 384)


def test_words_behind_the_cut_have_a_vector_of_zeros(
    token_featurizer: SentenceEncoderFeaturizer, tokenizer: Tokenizer
) -> None:
    message = Message.build("parcel " * 400, intent="any")
    data = tokenizer.process_training_data(TrainingData([message]))
    token_featurizer.process_training_data(data)
    vectors = message.get_dense_features("text")[0].features
    assert vectors[0].any()
    assert not vectors[-1].any()


def test_a_changed_encoder_is_noticed_before_training(tmp_path: Path) -> None:
    shutil.copytree(ENCODER, tmp_path / "encoder")
    (tmp_path / "encoder" / "tokenizer.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="not the file"):
        SentenceEncoderFeaturizer.fingerprint_addon({"encoder": str(tmp_path / "encoder")})
