"""``docs/commands.md``: every command with its arguments and options, read from the command line itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from _text import page, table

from nadflux.faces.cli.app import COMMANDS, build_app


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# Commands",
        "Exit codes: 0 done; 2 bad input, or a place that cannot be written; 130 ended by Ctrl-C, 143 by SIGTERM, 129 "
        "by SIGHUP; 141 the reader of a pipe went away; 1 a fault of nadflux. `--debug` shows the traceback.",
        "Files are written before anything is printed, whatever becomes of the standard output, and take their "
        "name when they are whole: a file that already has it stays until then. `simulate --out` writes people as"
        " they are finished. A run that is stopped, by a signal or a full disk, leaves those who are finished in "
        "`x.part.csv` beside `x.csv`, which says how many it holds of how many: in a last row whose quantity is "
        "*part* (CSV), in the metadata (parquet) or in the attribute `part` (zarr). Without a terminal a long run"
        " prints a line now and then on the error stream.",
        *(_command(name, command) for name, command in commands().items()),
    )


def commands() -> dict[str, Any]:
    """Return the command objects by name, in the order of the help."""
    import typer.main

    group = typer.main.get_command(build_app())
    return {name: group.commands[name] for name in COMMANDS}  # type: ignore[attr-defined]


def command_lines() -> Iterator[tuple[str, str]]:
    """Name and first line of the help of each command."""
    for name, command in commands().items():
        yield name, inspect.cleandoc(command.help or "").splitlines()[0]


def _command(name: str, command: Any) -> str:
    rows = []
    for parameter in command.params:
        words = ", ".join((*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            words = (parameter.name or "").upper()
        if parameter.name == "help":
            continue
        default = parameter.default
        plain = "" if default in (None, False, (), []) or callable(default) else str(default)
        rows.append((f"`{words}`", getattr(parameter, "help", "") or "", plain, "yes" if parameter.required else ""))
    about = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
    rest = "\n\n".join(inspect.cleandoc(command.help or "").split("\n\n")[1:])
    return "\n\n".join(
        part
        for part in (f"## nadflux {name}", about, rest, table(("word", "meaning", "default", "needed"), rows))
        if part
    )
