"""Tables and figures that officers look at and enter."""
