"""Frozen values hold arrays that nothing can be written to."""

import numpy as np


def keep_read_only(value: object, *names: str) -> None:
    """Let nothing be written to these arrays by way of a frozen value; whoever made one may still write to their own.

    What is no array stays as it is: it is for those who use the value to refuse.
    """
    for name in names:
        array = getattr(value, name)
        if isinstance(array, np.ndarray) and array.flags.writeable:
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(value, name, view)
