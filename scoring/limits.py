"""Limits that protect respondents, shared by the configuration and the arithmetic."""

MIN_RESPONSES = 5  # of fewer people no figure is published
