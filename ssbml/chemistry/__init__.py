"""Formulas, elements, charges and host structures."""
