"""A response, as tables, words, pictures and pages."""
