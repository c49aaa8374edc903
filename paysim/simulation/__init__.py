"""Residents moving along pathways: Program, keyed draws, engines, Activity."""
