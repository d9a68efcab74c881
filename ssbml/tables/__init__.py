"""Recipe tables: read from files, validated as a whole, written without half-written files."""
