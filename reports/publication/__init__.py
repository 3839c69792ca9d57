"""What the public sees: the sheet, the page, and its data files."""
