"""Forms, which ask their fields one by one."""
