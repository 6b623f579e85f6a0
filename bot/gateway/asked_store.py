"""What shoppers ask most, counted from the turns that the brain has answered."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.db.schema import turns

# So many of the newest turns are counted at most, in a tenth of a second or so: that says as much
# as counting millions.
MAX_COUNTED = 10_000
_MAX_LABELS = 100
_PREFIX = "faq/"


def count_asked_articles(connection: Connection, *, since: datetime) -> list[str]:
    """Return the ids of the articles that answered, the most asked first.

    A question that the bot had to ask back about was not answered and does not count.
    """
    newest = (
        select(turns.c.understood)
        .where(turns.c.created_at >= since)
        .order_by(turns.c.created_at.desc())
        .limit(MAX_COUNTED)
        .subquery()
    )
    label = newest.c.understood["intent"].as_string()
    asked_back = newest.c.understood["clarify"].as_string()
    counted = connection.execute(
        select(label)
        .where(label.startswith(_PREFIX), func.coalesce(asked_back, "[]") == "[]")
        .group_by(label)
        .order_by(func.count().desc(), label)
        .limit(_MAX_LABELS)
    )
    return [str(found).removeprefix(_PREFIX) for found in counted.scalars()]
