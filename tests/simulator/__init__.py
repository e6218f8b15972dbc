"""The local Telegram, over real HTTP."""
