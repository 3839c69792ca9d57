"""Guided entry: a form asks its fields one by one."""
