"""Progress of a command on the error stream: a bar in a terminal, else a line now and then."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nadflux.faces.cli._say import say

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

FIRST = 10.0
"""Seconds after which the first line is printed; each later one comes after twice as long."""
_LONGEST = 300.0


class Lines:
    """Lines of progress: none for a short run, the first after some seconds, and then fewer and fewer.

    Parameters
    ----------
    clock : callable
        Seconds from some moment on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin = clock()
        self._next = self._begin + FIRST
        self._pause = FIRST

    def tell(self, what: str, fraction: float | None) -> None:
        """Print a line if one is due: what is done, and how long the rest takes."""
        now = self._clock()
        if now < self._next or (fraction is not None and fraction >= 1.0):
            return
        self._pause = min(2.0 * self._pause, _LONGEST)
        self._next = now + self._pause
        left = ""
        if fraction:
            left = f", about {_duration((now - self._begin) * (1.0 - fraction) / fraction)} left"
        say(f"nadflux: {what}{left}")


@contextmanager
def progress(what: str, people: int | None = None) -> Iterator[Callable[[float], bool]]:
    """Yield a function to call with the fraction done; it always returns True, to go on.

    Parameters
    ----------
    what : str
        Name of the work.
    people : int, optional
        Number of people that the work is for, named in the lines.
    """
    if not _watched():
        lines = Lines()

        def line(fraction: float) -> bool:
            whole = "" if people is None else f" of {people} people" if people != 1 else " of 1 person"
            of = f"{int(fraction * people)}{whole} ({fraction:.0%})" if people is not None else f"{fraction:.0%}"
            lines.tell(f"{what}: {of} done", fraction)
            return True

        yield line
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with _bar(*columns, TimeRemainingColumn()) as bar:
        task = bar.add_task(what, total=1.0)

        def update(fraction: float) -> bool:
            bar.update(task, completed=fraction)
            return True

        yield update


@contextmanager
def progress_below(what: str, people: int) -> Iterator[tuple[Callable[[float], bool], Callable[[str], None]]]:
    """Yield the function of `progress`, and one that shows a text above the bar in place of the last.

    All vanish at the end. For a terminal on which both streams are watched (`tables_watched`).

    Parameters
    ----------
    what : str
        Name of the work.
    people : int
        Number of people that the work is for.
    """
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    bar = Progress(*columns, TimeRemainingColumn(), console=screen, auto_refresh=False)
    task = bar.add_task(f"{what} {people} people", total=1.0)
    above: list[Text] = []

    def update(fraction: float) -> bool:
        bar.update(task, completed=fraction)
        return True

    def show(text: str) -> None:
        above[:] = [Text(text, no_wrap=True, overflow="crop")]

    def whole() -> Group:
        # The bar stays in sight however long the table is.
        left = max(screen.height - 2, 0)
        return Group(*(Text("\n").join(text.split("\n")[:left]) for text in above), bar.get_renderable())

    live = Live(console=screen, get_renderable=whole, transient=True)
    with contextlib.suppress(OSError):
        live.start()
    try:
        yield update, show
    finally:
        with contextlib.suppress(OSError):
            live.stop()


def tables_watched() -> bool:
    """Tell whether somebody looks at both streams, so that a table may come and go above the bar."""
    return _watched() and sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def stages(unit: str) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function of (stage, done, of), for work in stages that count what they do."""
    if not _watched():
        lines = Lines()

        def line(stage: str, done: int, of: int) -> None:
            # The time left could only be estimated for the stage, so none is shown.
            lines.tell(f"{stage or 'working'}: {done} of {of} {unit}", None)

        yield line
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    with _bar(*columns, TimeElapsedColumn()) as bar:
        task = bar.add_task("starting", total=None)

        def update(stage: str, done: int, of: int) -> None:
            bar.update(task, description=stage, completed=done, total=of)

        yield update


@contextmanager
def _bar(*columns: ProgressColumn) -> Iterator[Progress]:
    """Yield a bar that vanishes when all is done; a terminal that has hung up meanwhile is ignored."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with contextlib.suppress(OSError):
        bar.start()
    try:
        yield bar
    finally:
        with contextlib.suppress(OSError):
            bar.stop()


def _watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _duration(seconds: float) -> str:
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
