"""The fake gateway's help center: a small one, and one as large as a gateway lists."""

from typing import Any


def _article(title: str, words: str, updated_at: str | None = "2026-03-02") -> dict[str, Any]:
    article_id = title.lower().rstrip("?").replace("'", "").replace(" ", "_")
    url = f"/help/articles#{article_id}"
    return {
        "id": article_id,
        "title": title,
        "url": url,
        "updated_at": updated_at,
        "words": words,
    }


def _document(categories: dict[str | None, list[dict[str, Any]]], left_out: int) -> dict[str, Any]:
    articles = [article for listed in categories.values() for article in listed]
    links = [{name: article[name] for name in article if name != "words"} for article in articles]
    return {
        "categories": [{"name": name, "articles": some} for name, some in categories.items()],
        "most_asked": links[:5],
        "articles_left_out": left_out,
    }


HELP = _document(
    {
        "Placing orders": [
            _article("How do I purchase an item?", "basket buy checkout"),
            _article("How do I check the order status?", "track parcel where"),
            _article("Can I change my delivery address?", "moved street", None),
        ],
        "Payment": [
            _article("Which payment methods are there?", "card paypal visa"),
            _article("Why wasn't my payment accepted?", "declined failed refused"),
        ],
        "Returns & refunds": [_article("How do I return an item?", "back label money")],
        None: [{**_article("What is the Help Center?", ""), "url": None}],
    },
    left_out=0,
)
LARGE_HELP = _document(
    {
        f"Category {group}": [
            _article(f"How do I do thing number {group * 50 + n}?", f"thing{n} task")
            for n in range(50)
        ]
        for group in range(10)
    },
    left_out=250,
)
NO_HELP = _document({}, left_out=0)
