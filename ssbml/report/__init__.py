"""Results as pages that open from disk, and as batch sheets for the bench."""
