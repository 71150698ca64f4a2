"""A progress bar on the error stream, only where somebody is looking at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], bool]]:
    """Give a function that is called with the fraction done; it always answers True: go on."""
    if not sys.stderr.isatty():
        yield lambda fraction: True
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)

        def update(fraction: float) -> bool:
            bar.update(task, completed=fraction)
            return True

        yield update
