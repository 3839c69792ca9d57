"""The groups that summaries go to."""
