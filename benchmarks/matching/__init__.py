"""Time the matcher against other engines on the same vectors: ``python -m benchmarks.matching``."""
