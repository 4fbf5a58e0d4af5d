"""tocsin: open early warning. News and official bulletins in, warnings with their evidence out."""

__version__ = "0.1.0"
