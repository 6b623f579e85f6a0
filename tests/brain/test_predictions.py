"""A prediction that is given again is the one that would be made, as if made now."""

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.dialogue_state import DialogueState, build_tracker
from bot.brain.predictions import PredictionCache
from tests.brain.taught import TaughtProcessor


class Predictor:
    """The model's own prediction, counted."""

    def __init__(self, processor: TaughtProcessor) -> None:
        self._processor = processor
        self.made = 0

    def __call__(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        self.made += 1
        prediction: PolicyPrediction = MessageProcessor._predict_next_with_tracker(
            self._processor, tracker
        )
        return prediction


def tracker_after(
    processor: TaughtProcessor, *events: object, slots: dict[str, str] | None = None
) -> DialogueStateTracker:
    tracker = build_tracker("c", DialogueState({**(slots or {})}), processor.domain)
    for event in events:
        tracker.update(event, processor.domain)
    return tracker


def said(intent: str, **entities: str) -> UserUttered:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return UserUttered("words", {"name": intent, "confidence": 1.0}, found)


def action_of(processor: TaughtProcessor, prediction: PolicyPrediction) -> str:
    return str(processor.domain.action_names_or_texts[prediction.max_confidence_index])


def test_each_intent_gets_the_action_of_its_rule_the_second_time_too(
    processor: TaughtProcessor,
) -> None:
    cache, predict = PredictionCache(processor.domain), Predictor(processor)
    intents = ("order_status", "cancel_order", "affirm", "inform", "out_of_scope", "faq")
    for turn in range(2):
        for intent in intents:
            slots = {"order_number": str(turn)} if turn else {}
            tracker = tracker_after(processor, said(intent), slots=slots)
            kept = cache.predict(tracker, predict)
            made = Predictor(processor)(tracker)
            assert action_of(processor, kept) == action_of(processor, made)
            action = ActionExecuted(action_of(processor, kept))
            tracker = tracker_after(processor, said(intent), action, SlotSet("flow", "x"))
            assert action_of(processor, cache.predict(tracker, predict)) == "action_listen"
    assert predict.made == 2 * len(intents)


def test_what_happens_with_a_prediction_happens_now_and_not_when_it_was_first_made(
    processor: TaughtProcessor,
) -> None:
    cache, predict = PredictionCache(processor.domain), Predictor(processor)
    first, second = (
        cache.predict(tracker_after(processor, said("order_status")), predict) for _ in range(2)
    )
    assert [type(event) for event in first.events] == [type(event) for event in second.events]
    assert first.events
    for earlier, later in zip(first.events, second.events, strict=True):
        assert earlier is not later
        assert later.timestamp >= earlier.timestamp


def test_what_policies_may_see_more_of_is_predicted_each_time(processor: TaughtProcessor) -> None:
    cache, made = PredictionCache(processor.domain), []

    def predict(tracker: DialogueStateTracker) -> PolicyPrediction:
        made.append(tracker)
        return PolicyPrediction.for_action_name(processor.domain, "action_listen")

    form = tracker_after(processor, ActiveLoop("some_form"), said("order_status"))
    followed = tracker_after(processor, said("order_status"))
    followed.trigger_followup_action("action_listen")
    with_entity = tracker_after(processor, said("faq", product="Trail Rain Jacket"))
    silent = tracker_after(processor)
    for number, tracker in enumerate((form, form, with_entity, with_entity, silent, followed)):
        cache.predict(tracker, predict)
        assert len(made) == number + 1
