"""The door in the browser: the survey's screens as pages, at home or at the counter."""
