"""Piped: standard output whose reader may go before everything is said, as `head` does; that is no fault to tell of."""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import suppress

READER_WENT = 141
"""The exit code then: what a shell says of other programs, too (128 and SIGPIPE's number)."""


class _Pipe(io.FileIO):
    """Standard output. Once nobody reads it, the command ends; what is said at its end goes nowhere."""

    def write(self, data: bytes) -> int | None:  # type: ignore[override]
        """Write, or end the command: by SystemExit, which no handler of faults takes for one."""
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if threading.current_thread() is threading.main_thread():
                raise SystemExit(READER_WENT) from None
            return len(data)


def forgiving() -> None:
    """Let standard output end the command quietly when its reader goes; done where it is a file or a pipe of ours."""
    if sys.stdout is not sys.__stdout__ or sys.stdout is None or sys.stdout.isatty():
        return
    sys.stdout.flush()
    pipe = io.BufferedWriter(_Pipe(sys.stdout.fileno(), "wb", closefd=False))
    sys.stdout = io.TextIOWrapper(pipe, encoding=sys.stdout.encoding, errors=sys.stdout.errors)


def last_words() -> None:
    """Say what was kept back; nobody may be there any more."""
    with suppress(SystemExit):
        sys.stdout.flush()
