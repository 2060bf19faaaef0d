"""What changes recommendations, feedback and pushes."""
