"""The citizens' survey: open and sent responses, whose they are, and the tallies."""
