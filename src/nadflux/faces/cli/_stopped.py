"""What a command says when Ctrl-C stops it: the truth about what is kept."""

from __future__ import annotations

from pathlib import Path

NOTHING = "nothing is kept"


class StoppedError(KeyboardInterrupt):
    """Ctrl-C in a command of which something stays; ``kept`` says what and where."""

    def __init__(self, kept: str) -> None:
        super().__init__(kept)
        self.kept = kept


def what_is_kept(stop: BaseException) -> str:
    """What the command said is kept, looked for in what led to ``stop``; nothing where it said nothing."""
    seen: BaseException | None = stop
    while seen is not None:
        if isinstance(seen, StoppedError):
            return seen.kept
        seen = seen.__cause__ or seen.__context__
    return NOTHING


def runs_in(folder: Path, remedy: str) -> StoppedError:
    """The runs that were finished stay in a folder, if any was: ``remedy`` says how to go on from there."""
    if not any(folder.glob("*.npy")):
        return StoppedError(NOTHING)
    return StoppedError(f"finished runs are kept in {folder}; {remedy}")
