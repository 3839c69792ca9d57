"""The IKU table of a year: its rows, labels and document."""
