"""Health, metrics and how long work takes."""
