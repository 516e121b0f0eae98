"""Unswept: a stretch of work in which Python does not look for rings of garbage, because the work makes none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """Reading a hotline makes a hundred thousand small things that all stay; to sweep between them takes longer than
    to read. Nested stretches are one."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()
