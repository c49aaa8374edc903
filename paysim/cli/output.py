"""Where answers go: characters that the output lacks, and a reader that stops reading, end no run."""

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def print_what_can_be_printed() -> None:
    """Let a question mark stand for each character that the output has none for, as on Windows in a pipe.

    What nobody reads any more, as after `| head`, goes nowhere: the run goes on and ends as if it had been read.
    """
    output = sys.stdout
    if not isinstance(output, TextIOWrapper):
        return
    output.reconfigure(errors="replace")
    if output is sys.__stdout__ and not output.isatty():
        pipe = BufferedWriter(_Pipe(output.fileno(), "wb", closefd=False))
        sys.stdout = TextIOWrapper(pipe, output.encoding, "replace", write_through=output.write_through)


class _Pipe(FileIO):
    def write(self, content: "ReadableBuffer", /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(content)
