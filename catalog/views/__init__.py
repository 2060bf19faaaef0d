"""Pages of the two libraries."""
