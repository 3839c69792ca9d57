"""Plans with their indikator and values, LHE, and the papers made of them."""
