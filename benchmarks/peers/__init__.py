"""dedup next to other libraries, each in an environment of its own: see `__main__`."""
