"""Every conversation of this folder, in this process and with a bot that is really served."""

from pathlib import Path

import pytest

from bot.conversations.format import Conversation
from bot.conversations.reading import read_folder
from tests.conversations.conftest import InProcess, OverHttp

pytestmark = pytest.mark.model

ALL = [
    (f"{file.path.stem}: {conversation.name}", conversation)
    for file in read_folder(Path(__file__).parent)
    for conversation in file.conversations
]
IN_PROCESS = [pytest.param(conversation, id=name) for name, conversation in ALL]
SERVED = [pytest.param(one, id=name) for name, one in ALL if not one.in_process_only]


@pytest.mark.parametrize("conversation", IN_PROCESS)
async def test_in_process(conversation: Conversation, in_process: InProcess) -> None:
    await in_process.hold(conversation)


@pytest.mark.parametrize("conversation", SERVED)
async def test_over_http(conversation: Conversation, over_http: OverHttp) -> None:
    await over_http.hold(conversation)
