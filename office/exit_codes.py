"""Exit codes of the programs that more than one module returns."""

REFUSED = 2  # a setting, a file or an argument is wrong; one sentence on standard error says which
