"""A local Telegram with a chat page in the browser, for first runs, tests and benchmarks."""
