"""The follow-up of a period's lowest unsur."""
