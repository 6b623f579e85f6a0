"""Every conversation of this folder, in this process and with a bot that is really served."""

from pathlib import Path

import pytest

from bot.conversations.format import Conversation
from bot.conversations.reading import read_folder
from tests.conversations.conftest import Theatre

pytestmark = pytest.mark.model

ALL = [
    pytest.param(conversation, id=f"{file.path.stem}: {conversation.name}")
    for file in read_folder(Path(__file__).parent)
    for conversation in file.conversations
]
SERVED = [param for param in ALL if not param.values[0].in_process_only]


@pytest.mark.parametrize("conversation", ALL)
async def test_in_process(conversation: Conversation, in_process: Theatre) -> None:
    await in_process.hold(conversation)


@pytest.mark.parametrize("conversation", SERVED)
async def test_over_http(conversation: Conversation, over_http: Theatre) -> None:
    await over_http.hold(conversation)
