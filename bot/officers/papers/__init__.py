"""Reports, posters, and files of paper answers."""
