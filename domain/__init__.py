"""Pure rules: values in, values out; no clock, no input or output, no Telegram, no SQL."""
