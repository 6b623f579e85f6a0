"""A project with four labels, which is trained in a few seconds."""

import shutil
from pathlib import Path

from tests.trained_model import ROOT

DOMAIN = """
version: "3.1"
intents: [greet, goodbye, order_status, faq]
responses:
  utter_greet: [{text: Hello}]
"""
NLU = """
version: "3.1"
nlu:
  - intent: greet
    examples: "- hello\\n- hi there\\n- good morning"
  - intent: goodbye
    examples: "- bye\\n- see you later\\n- good night"
  - intent: order_status
    examples: "- where is my order\\n- has it been shipped\\n- where is my parcel"
"""
RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: goodbye
    steps: [{intent: goodbye}, {action: utter_greet}]
  - rule: order status
    steps: [{intent: order_status}, {action: utter_greet}]
  - rule: faq
    steps: [{intent: faq}, {action: utter_faq}]
"""
ARTICLE = """---
question: Do you sell gift cards?
category: Gifts
breadcrumb: Help > Gifts
phrasings:
- gift card
- can i buy a voucher for a friend
- where are gift cards
---

Yes, in the shop and online.
"""


def make_small_project(folder: Path) -> Path:
    """Write the project's files into a folder of its own, with the repository's encoder linked."""
    (folder / "data" / "help_center").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")
    shutil.copy(ROOT / "config.yml", folder / "config.yml")
    for name, text in (
        ("domain.yml", DOMAIN),
        ("data/nlu.yml", NLU),
        ("data/rules.yml", RULES),
        ("data/help_center/do_you_sell_gift_cards.md", ARTICLE),
    ):
        (folder / name).write_text(text, "utf-8")
    return folder
