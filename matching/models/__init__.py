"""Pair: what was recommended to whom, and what they said."""
