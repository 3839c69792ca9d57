"""The HTTP server: the Bot API, the `/sim/` interface and the chat page, on loopback only."""
