"""What the office does and knows, whichever interface calls it: no Telegram, HTTP or scheduler."""
