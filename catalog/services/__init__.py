"""What changes several rows of the libraries at once."""
