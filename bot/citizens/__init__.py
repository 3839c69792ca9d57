"""What citizens do by the bot."""
