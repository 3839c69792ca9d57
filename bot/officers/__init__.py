"""The officers' commands and buttons, one module a subject; each names the roles it asks for."""
