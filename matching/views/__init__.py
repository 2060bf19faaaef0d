"""Pages of the matcher."""
