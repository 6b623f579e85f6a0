import re

import pytest

from bot.faq.readers import read_file
from tests.faq.conftest import ROOT, WriteFile

EXAMPLES = re.findall(
    r"^```(html|csv|jsonl|json|markdown)\n(.*?)^```$",
    (ROOT / "docs" / "articles.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)


def test_every_format_has_an_example() -> None:
    assert [kind for kind, _ in EXAMPLES] == ["markdown", "html", "csv", "jsonl", "json"]


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_the_examples_of_the_guide_are_read_as_they_stand(
    write: WriteFile, kind: str, text: str
) -> None:
    reading = read_file(write(f"example.{kind}", text))
    assert len(reading.articles) == 1
    assert reading.skipped == ()
