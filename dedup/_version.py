"""The version of the package, where every module can import it without a circle."""

__version__ = "0.2.0"
