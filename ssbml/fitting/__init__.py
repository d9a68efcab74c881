"""A data set and settings to a predictor."""
