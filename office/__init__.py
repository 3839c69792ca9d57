"""What the office does and knows, whichever door asks: no Telegram, no HTTP, no scheduler."""
