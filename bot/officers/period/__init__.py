"""Periods and voided responses."""
