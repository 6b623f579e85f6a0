"""The questions of one message, in the order in which they are answered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.did_you_mean import ALIKE, needs_asking
from actions.labels import ANSWERS, COURTESIES, FLOW_INTENTS, Intent
from actions.turn import KEPT_VALUES, Turn

MAX_PARTS: Final = 4


def arrange(turn: Turn) -> tuple[Turn, ...]:
    """Give the questions of a message, four at most, or the message itself if it has only one.

    A question about several orders is one about each, and so is *where are the lamp and the socks*.
    What is not clear comes last, since it is asked back. A value by itself goes to the question
    beside it, one outside all parts to the first that names no order, an e-mail address to all.
    Hello and thanks need no answer beside a question, nor does a yes or no that answers nothing.
    """
    parts = [part for part in turn.parts if _says_something(part)]
    if not parts:
        return _one_by_one(replace(turn, parts=()))[:MAX_PARTS]
    if all(part.intent is Intent.OUT_OF_SCOPE for part in parts):
        return (replace(turn, intent=Intent.OUT_OF_SCOPE, article=None, clarify=(), parts=()),)
    complete = _share_email(turn, _take_lost_values(turn, _attach_values(parts)))
    asked = [one for part in complete for one in _one_by_one(part)]
    return tuple(sorted(asked[:MAX_PARTS], key=needs_asking))


def _says_something(part: Turn) -> bool:
    is_answer = bool(part.state.awaiting or part.state.suspended)
    return part.intent not in COURTESIES and (part.intent not in ANSWERS or is_answer)


def _attach_values(parts: Sequence[Turn]) -> list[Turn]:
    attached: list[Turn] = []
    for part in parts:
        before = attached[-1] if attached else None
        if before is None:
            attached.append(part)
        elif part.intent is Intent.INFORM and before.intent in FLOW_INTENTS:
            attached[-1:] = _also_about(before, part)
        elif before.intent is Intent.INFORM and part.intent in FLOW_INTENTS:
            attached[-1:] = _about(before, part)
        else:
            attached.append(part)
    return attached


def _also_about(question: Turn, value: Turn) -> list[Turn]:
    """Complete a question; a second order makes a second question of the same kind."""
    contradicts = any(
        question.values.get(name, found) != found for name, found in value.values.items()
    )
    if contradicts or (question.order_numbers and value.names_order):
        return [question, replace(question, values=value.values, text=value.text)]
    return [replace(question, values={**question.values, **value.values})]


def _about(value: Turn, question: Turn) -> list[Turn]:
    """Take a value said first into the question after it, unless that names an order itself."""
    if question.names_order:
        return [value, question]
    return [replace(question, values={**question.values, **value.values})]


def _one_by_one(question: Turn) -> tuple[Turn, ...]:
    several = _of_each_order(question)
    return several if len(several) > 1 else _of_each_product(question)


def _of_each_product(question: Turn) -> tuple[Turn, ...]:
    """Divide what only looks up; what changes something or is written is about one order."""
    names_order = question.order_numbers or question.reference or question.position
    is_clear = question.intent in ALIKE and not (names_order or needs_asking(question))
    if not is_clear or len(question.products) < 2:
        return (question,)
    return tuple(
        replace(question, values={**question.values, "product": (product,)}, text=product)
        for product in question.products
    )


def _of_each_order(question: Turn) -> tuple[Turn, ...]:
    numbers = tuple(dict.fromkeys(question.order_numbers))
    if question.intent not in FLOW_INTENTS or len(numbers) < 2:
        return (question,)
    return tuple(
        replace(question, values={**question.values, "order_number": (number,)}, text=number)
        for number in numbers
    )


def _take_lost_values(whole: Turn, parts: Sequence[Turn]) -> list[Turn]:
    """Give what was said in none of the parts to the first question that it may belong to.

    Such as the number in *it is about order 8100240002. Where is it, and can I cancel it?*
    """
    said = {(name, value) for part in parts for name in part.values for value in part.values[name]}
    lost = {
        name: tuple(value for value in values if (name, value) not in said)
        for name, values in whole.values.items()
        if name in KEPT_VALUES
    }
    lost = {name: values for name, values in lost.items() if values}
    completed = list(parts)
    for index, part in enumerate(completed):
        if part.intent in FLOW_INTENTS and not part.names_order:
            completed[index] = replace(part, values={**lost, **part.values})
            break
    return completed


def _share_email(whole: Turn, parts: Sequence[Turn]) -> list[Turn]:
    emails = whole.values.get("email") or next((p.values["email"] for p in parts if p.email), None)
    if not emails:
        return list(parts)
    return [replace(part, values={"email": emails, **part.values}) for part in parts]
