"""What people type into the libraries."""
