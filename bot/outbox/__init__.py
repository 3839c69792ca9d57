"""Messages that must arrive: claimed, composed, sent."""
