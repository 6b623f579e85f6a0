"""Ten thousand articles beside ten: training, memory of the brain, and turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.brain.model_folder import LIVE_MODEL
from tests.benchmarks.many_articles import MadeUpArticle, make_articles, write_project
from tests.benchmarks.messages import BenchMessage, Kind, is_right
from tests.benchmarks.our_bot import BrainShopper, GatewayShopper, OurBot, serve_our_bot
from tests.benchmarks.processes import resident_mb
from tests.benchmarks.rounds import WARM_UP_ROUNDS, Shopper, Tell
from tests.benchmarks.timing import Summary, summarise
from tests.benchmarks.training import Training, train_ours

FEW, MANY = 10, 10_000
_ASKED = 200


@dataclass(frozen=True)
class Understood:
    """How questions were answered that are none of the training messages."""

    asked: int
    answered: int
    offered: int

    def as_json(self) -> dict[str, int]:
        """Return the counts."""
        return asdict(self)


@dataclass(frozen=True)
class HelpCenter:
    """A bot with so many articles.

    Attributes:
        articles: In its help center.
        training: From the command line.
        memory_mb: Of the brain after the turns, in MB.
        turns: Through the gateway; questions that all the bots answer from the same articles.
        understood: Of articles of this help center, at random.
    """

    articles: int
    training: Training
    memory_mb: float
    turns: Summary
    understood: Understood

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the report holds them."""
        return {
            "articles": self.articles,
            "training": self.training.as_json(),
            "memory_mb": round(self.memory_mb, 1),
            "turns": self.turns.as_json(),
            "understood": self.understood.as_json(),
        }


def measure_scale(
    root: Path,
    scratch: Path,
    environ: Mapping[str, str],
    *,
    rounds: int,
    tell: Tell,
    sizes: Sequence[int] = (FEW, MANY),
) -> list[HelpCenter]:
    """Train and serve one bot a size, and ask all of them for the articles of the smallest.

    Args:
        root: The project whose configuration, domain and own labels the bots have.
        scratch: Where the projects, models and databases go.
        environ: What the processes get.
        rounds: How often each bot gets each message; the bots take turns.
        tell: Told what is going on.
        sizes: Numbers of articles, the smallest first.
    """
    articles = make_articles(max(sizes))
    trainings: dict[int, Training] = {}
    with ExitStack() as stack:
        bots: dict[int, OurBot] = {}
        for size in sizes:
            folder = scratch / f"articles-{size}"
            tell(f"Training with {size} articles")
            write_project(root, folder, [one.article for one in articles[:size]])
            # A project's first model goes live.
            trainings[size], _ = train_ours(folder, environ, scratch / f"train-{size}.log")
            tell(f"Starting the bot with {size} articles")
            served = serve_our_bot(folder, folder, environ, folder / LIVE_MODEL)
            bots[size] = stack.enter_context(served)
        turns = _measure_turns(bots, articles[: min(sizes)], rounds, tell)
        memory = {size: resident_mb(bot.brain_process) for size, bot in bots.items()}
        tell("Asking for articles")
        understood = {size: _ask(bot, articles[:size]) for size, bot in bots.items()}
    return [
        HelpCenter(size, trainings[size], memory[size], turns[size], understood[size])
        for size in sizes
    ]


def _measure_turns(
    bots: Mapping[int, OurBot], articles: Sequence[MadeUpArticle], rounds: int, tell: Tell
) -> dict[int, Summary]:
    messages = [_message(one, one.article.question) for one in articles]
    durations: dict[int, list[float]] = {size: [] for size in bots}
    wrong: Counter[int] = Counter()
    with ExitStack() as stack:
        shoppers: dict[int, Shopper] = {size: GatewayShopper(bot) for size, bot in bots.items()}
        for shopper in shoppers.values():
            stack.callback(shopper.close)
        for number in range(-WARM_UP_ROUNDS, rounds):
            tell(f"articles: round {max(number + 1, 0)} of {rounds}")
            for size, shopper in shoppers.items():
                shopper.begin_conversation()
                shopper.say(messages[-1])
                for message in messages:
                    seconds, replies = shopper.say(message)
                    if number >= 0:
                        durations[size].append(seconds)
                        wrong[size] += not is_right(message, replies)
    return {size: summarise(each, wrong=wrong[size]) for size, each in durations.items()}


def _ask(bot: OurBot, articles: Sequence[MadeUpArticle]) -> Understood:
    """Ask for articles in words that were never trained; the articles are in a random order."""
    chosen = articles[-_ASKED:]
    answered = offered = 0
    shopper = BrainShopper(bot)
    for one in chosen:
        shopper.begin_conversation()
        _, replies = shopper.say(_message(one, one.asked))
        if is_right(_message(one, one.asked), replies):
            answered += 1
        else:
            titles = {choice["title"] for reply in replies for choice in reply.get("choices") or ()}
            offered += one.article.question in titles
    shopper.close()
    return Understood(len(chosen), answered, offered)


def _message(one: MadeUpArticle, text: str) -> BenchMessage:
    return BenchMessage(Kind.ANSWER, text, one.article.id)
