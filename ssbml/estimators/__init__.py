"""Fitted models as plain arrays: durable, quick, and independent of scikit-learn."""
