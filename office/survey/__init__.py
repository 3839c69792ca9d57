"""The survey for citizens, whichever interface calls it: screens, results, after an outage."""
