"""Measurements: ours beside the bare figure, in one run."""
