"""Recipe tables to named feature matrices; the only room that knows both."""
