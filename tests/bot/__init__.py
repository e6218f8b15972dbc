"""The process: what comes in, what goes out."""
