"""The incentive map, as tables, words, pictures and pages."""
