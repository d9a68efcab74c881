"""The build of the embedded data set: source rows, corrections, flags, tables, data card."""
