"""The process: what starts, what comes in, what goes out."""
