"""The support bot: gateway, brain, understanding, learning and the web pages."""
