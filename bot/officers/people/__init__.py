"""Roles, invitations and joining."""
