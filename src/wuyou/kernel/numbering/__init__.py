"""Human numbers per project and kind, such as WX-JT-20261120-0007 (spec 02)."""

from .counting import next_number, next_numbers

__all__ = ["next_number", "next_numbers"]
