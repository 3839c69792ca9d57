"""Example bots and tests of public client libraries, run against `puas simulate`."""
