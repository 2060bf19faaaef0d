"""Read tables as officials receive them and turn their rows into listings."""
