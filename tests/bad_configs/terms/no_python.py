"""A file that is no Python."""

def pay(term, seen)
    return []
