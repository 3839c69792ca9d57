"""Units, services, counters, office data, population."""
