"""Lab files: tables as ceramists keep them, read into the columns of the field table."""
