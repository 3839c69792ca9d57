"""What the office's year asks of an admin: what is done of it, and the reminders of what is not."""
