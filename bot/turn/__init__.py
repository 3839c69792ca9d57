"""One transaction for a batch of updates."""
