"""Periods: opened, closed, counted, locked; what unit heads are told of theirs."""
