"""Invitations of the heads of unit kerja: one by one, or from a sheet."""
