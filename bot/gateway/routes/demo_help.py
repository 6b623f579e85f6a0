"""The demo shop's help center: its articles, read from the same files as the bot's answers."""

from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel

from bot.faq.articles import load_articles


class HelpArticle(BaseModel):
    """One article as the help page shows it."""

    id: str
    question: str
    answer_markdown: str
    category: str
    breadcrumb: list[str]
    updated_at: str | None


def demo_help_router(articles_dir: Path) -> APIRouter:
    """Return the endpoint that the demo's help page reads.

    Raises:
        ArticleError: The articles cannot be read.
    """
    articles = [
        HelpArticle(
            id=article.id,
            question=article.question,
            answer_markdown=article.answer,
            category=article.category,
            breadcrumb=list(article.breadcrumb),
            updated_at=article.updated_at.isoformat() if article.updated_at else None,
        )
        for article in load_articles(articles_dir)
    ]
    router = APIRouter(prefix="/demo", tags=["demo"])

    @router.get("/articles.json")
    async def get_articles() -> list[HelpArticle]:
        """List the help center's articles."""
        return articles

    return router
