"""The unit heads' index: the units that rate, their ratings, and the results of a lock."""
