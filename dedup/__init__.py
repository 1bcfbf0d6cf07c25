"""dedup: which of these news articles are one report, and who took it from whom."""

__version__ = "0.1.0"
