from bot.brain.replies import ReplyCollector


async def test_a_response_becomes_one_reply_with_all_its_parts() -> None:
    collector = ReplyCollector()
    await collector.send_response(
        "conversation",
        {
            "text": " Two paragraphs.\n\nOne reply. ",
            "buttons": [{"title": "Yes", "payload": "/affirm", "extra": 1}],
            "custom": {"cards": [{"type": "seller"}], "sources": [{"article_id": "a"}], "x": 1},
        },
    )
    assert collector.replies == [
        {
            "text": "Two paragraphs.\n\nOne reply.",
            "choices": [{"title": "Yes", "payload": "/affirm"}],
            "cards": [{"type": "seller"}],
            "sources": [{"article_id": "a"}],
        }
    ]


async def test_a_response_with_nothing_to_show_is_left_out() -> None:
    collector = ReplyCollector()
    await collector.send_response("conversation", {"text": "  ", "buttons": None, "custom": {}})
    await collector.send_response("conversation", {})
    assert collector.replies == []
