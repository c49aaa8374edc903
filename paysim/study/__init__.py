"""Replications, comparison, uncertainty, calibration and the result store."""
