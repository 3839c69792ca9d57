"""The report of a period: its text, its blocks, and its formats."""
