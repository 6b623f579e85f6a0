import numpy as np
import pytest
from scipy.special import softmax

from bot.nlu.crowd import Crowd, list_crowds, number_intents
from bot.nlu.softmax import fit_linear
from tests.nlu.samples import Samples, make_samples

SIZES = {"cancel": 30, "faq/a": 3, "faq/b": 3, "faq/c": 3, "greet": 20}
NAMES = sorted(SIZES)
SAMPLES = make_samples(SIZES, spread=0.1)
FAQ = [NAMES.index(name) for name in ("faq/a", "faq/b", "faq/c")]


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return fit(SAMPLES)


def fit(samples: Samples) -> Crowd:
    return Crowd.of(
        samples.vectors,
        samples.targets,
        number_intents(sorted(set(samples.labels))),
        inverse_regularisation=20.0,
    )


def test_an_article_is_a_label_of_the_intent_before_its_slash() -> None:
    numbers = number_intents(["cancel", "faq-x/a", "faq/a", "faq/b", "greet"])

    assert numbers[2] == numbers[3]
    assert len(set(numbers)) == 4


def test_only_labels_that_share_their_intent_are_a_crowd() -> None:
    crowds = list(list_crowds(number_intents(["cancel", "faq-x/a", "faq/a", "faq/b", "greet"])))

    assert [list(labels) for labels in crowds] == [[2, 3]]
    assert not list(list_crowds(number_intents(["cancel", "greet"])))


def test_labels_of_an_intent_share_what_the_intent_has(crowd: Crowd) -> None:
    shares = softmax(crowd.scores(SAMPLES.vectors), axis=1)
    intents = fit_linear(
        SAMPLES.vectors, crowd.intent_of[SAMPLES.targets], 3, inverse_regularisation=20.0
    )
    of_intents = softmax(intents.scores(SAMPLES.vectors), axis=1)

    np.testing.assert_allclose(shares[:, FAQ].sum(axis=1), of_intents[:, 1], atol=1e-4)
    np.testing.assert_allclose(shares[:, NAMES.index("cancel")], of_intents[:, 0], atol=1e-4)


def test_the_right_label_is_found_in_and_out_of_the_crowd(crowd: Crowd) -> None:
    unseen = make_samples(dict.fromkeys(SIZES, 20), spread=0.1, draw=1)

    found = crowd.scores(unseen.vectors).argmax(axis=1)

    assert (found == unseen.targets).mean() > 0.95


def test_a_vectors_length_is_no_matter_within_a_crowd(crowd: Crowd) -> None:
    once, thrice = crowd.scores(SAMPLES.vectors)[:, FAQ], crowd.scores(3 * SAMPLES.vectors)[:, FAQ]

    np.testing.assert_allclose(softmax(once, axis=1), softmax(thrice, axis=1), atol=1e-4)


def test_a_crowd_knows_which_labels_are_of_it(crowd: Crowd) -> None:
    assert list(np.flatnonzero(crowd.is_crowded)) == FAQ
    assert crowd.means.shape == (3, SAMPLES.vectors.shape[1])


def test_a_vector_of_zeros_has_scores(crowd: Crowd) -> None:
    assert np.isfinite(crowd.scores(np.zeros((1, SAMPLES.vectors.shape[1]), np.float32))).all()
