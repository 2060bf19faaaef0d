"""Time search on each engine beside modelsearch's own backends and plain icontains: ``python -m benchmarks.search``."""
