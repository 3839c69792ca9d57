"""The figures people see, and what keeps one person's answer out of them."""
