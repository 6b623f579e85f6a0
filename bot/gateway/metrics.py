"""What `/metrics` tells: counts and durations, never who or what was said."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """One registry for one application, so that several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bot_http_requests", "Requests.", ["method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "bot_http_request_seconds",
            "Time to the first byte of the answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.turns = Counter(
            "bot_turns", "Turns by how they ended.", ["end"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "bot_turn_seconds",
            "From the start of a turn until its answer is stored.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.brain_errors = Counter(
            "bot_brain_errors", "Failed tries to get an answer.", ["kind"], registry=self.registry
        )
        self.take_overs = Counter(
            "bot_turn_take_overs", "Conversations found abandoned.", registry=self.registry
        )
        self.limited = Counter(
            "bot_limited_requests", "Requests over a limit.", ["limit"], registry=self.registry
        )
        self.limit_store_failures = Counter(
            "bot_limit_store_failures",
            "Limits counted in this process because Redis was away.",
            registry=self.registry,
        )
        self.hint_failures = Counter(
            "bot_event_hint_failures",
            "Wake-ups that did not reach the other gateways.",
            registry=self.registry,
        )
        self.webhook_attempts = Counter(
            "bot_webhook_attempts",
            "Tries to tell the shop's webhook something, by result.",
            ["result"],
            registry=self.registry,
        )
        self.streams = Gauge("bot_event_streams", "Open event streams.", registry=self.registry)

    def render(self) -> bytes:
        return generate_latest(self.registry)
