"""The message of a period: its content, caption and pictures."""
