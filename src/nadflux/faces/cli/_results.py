"""What a command does with what it found: files first, and no step that fails takes the others with it."""

from __future__ import annotations

from collections.abc import Callable


def deliver(*steps: Callable[[], object] | None) -> None:
    """Take all steps, in their order; then raise what the first that failed raised.

    Parameters
    ----------
    steps : callable or None
        Files before what is printed: whatever becomes of the standard output, they are there.
    """
    failures: list[BaseException] = []
    for step in steps:
        if step is None:
            continue
        try:
            step()
        except (Exception, KeyboardInterrupt) as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
