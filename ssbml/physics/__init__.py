"""Directional physics from two reviews, asked of a model."""
