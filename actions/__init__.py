"""What the bot can do: one module a flow, and the order store behind them."""
