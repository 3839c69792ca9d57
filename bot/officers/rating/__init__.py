"""The unit heads' rating."""
