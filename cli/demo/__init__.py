"""`puas demo`: simulator, bot, clock and simulated citizens in one process, over real HTTP."""
