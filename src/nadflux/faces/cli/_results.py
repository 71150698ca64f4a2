"""Delivery of results: files first, and a step that fails does not prevent the others."""

from __future__ import annotations

from collections.abc import Callable


def deliver(*steps: Callable[[], object] | None) -> None:
    """Run all steps in order; then raise the error of the first that failed.

    Parameters
    ----------
    steps : callable or None
        Files before what is printed, so that they exist whatever happens to the standard output.
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
