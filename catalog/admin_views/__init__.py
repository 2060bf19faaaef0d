"""Pages of the libraries inside the Wagtail admin."""
