"""The `/sim/` interface, through which a test or the chat page controls the simulator."""
