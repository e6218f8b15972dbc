"""A local Telegram with a chat page in the browser, for the first run, tests, benchmarks and faults."""
