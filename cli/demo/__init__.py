"""`puas demo`: simulator, bot, clock and a crowd in one process, over real HTTP."""
