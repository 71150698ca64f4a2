"""The `nadflux` command: finds the command's module, runs it, and turns errors into clear words.

A command is a module with ``register(app)``. Only the module that is asked for is imported, so that
`nadflux simulate` does not pay for what `nadflux fit` needs.
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Annotated, Any

import typer

from nadflux.errors import NadfluxError, nearest
from nadflux.faces.cli._stopped import INTERRUPTED

COMMANDS = {
    name: f"nadflux.faces.cli.{name.replace('-', '_')}"
    for name in (
        "simulate",
        "plans",
        "trace",
        "fluxes",
        "compare-routes",
        "rivals",
        "describe",
        "validate",
        "facts",
        "ranges",
        "assay",
        "cell",
        "fit",
        "sensitivity",
        "run",
        "export",
    )
}
"""Command name to module, in the order in which help lists them."""

BAD_INPUT = 2

# Some versions of typer carry their own click; the classes are found through typer's own names.
_UsageError: type[Exception]
_ClickError: type[Exception]
_UsageError, _ClickError = typer.BadParameter.__mro__[1:3]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 bad input, 130 interrupted, 1 an unexpected failure.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; taken from ``sys.argv`` by default.
    """
    _print_anything()
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words or bool(os.environ.get("NADFLUX_DEBUG"))
    sys.exit(_run([word for word in words if word != "--debug"], debug))


def _print_anything() -> None:
    """Let streams of other encodings than UTF-8 print a question mark for what they lack, and never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def build_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The typer application with the named commands (all of them by default)."""
    app = typer.Typer(
        name="nadflux",
        help="NAD+ biology and autophagic flux, organ by organ, in people. Not medical advice.",
        epilog="Add --debug to any command to see the full traceback of an error.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root(
        version: Annotated[
            bool,
            typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_version),
        ] = False,
    ) -> None:
        del version

    for name in names:
        _command_module(name).register(app)
    from nadflux.faces.cli._once import OnceCommand

    for command in app.registered_commands:
        command.cls = OnceCommand
        if command.callback is not None:
            command.callback = _speaking(command.callback)
    return app


def _speaking(callback: Callable[..., Any]) -> Callable[..., Any]:
    """The command, which says itself what is kept on Ctrl-C: typer would lose the words on the way."""

    @functools.wraps(callback)
    def run(*words: Any, **options: Any) -> Any:
        try:
            return callback(*words, **options)
        except KeyboardInterrupt as stop:
            return _interrupted(stop)

    return run


def _interrupted(stop: BaseException) -> int:
    from nadflux.faces.cli._stopped import what_is_kept

    print(f"nadflux: interrupted; {what_is_kept(stop)}", file=sys.stderr)
    return INTERRUPTED


def _run(words: list[str], debug: bool) -> int:
    try:
        names = _commands_needed(words)
        result = build_app(names)(args=words, standalone_mode=False, prog_name="nadflux")
    except _ClickError as mistake:
        mistake.show()  # type: ignore[attr-defined]
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _interrupted(stop)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (the reader went away; nothing left to say)
        return 0
    except SystemExit as stop:
        # Rich stops so when the reader went away.
        if isinstance(stop.__context__, BrokenPipeError):
            return 0
        raise
    except Exception as error:
        if debug:
            raise
        print(f"nadflux: {_said(error)}", file=sys.stderr)
        return BAD_INPUT if isinstance(error, NadfluxError | OSError | MemoryError) else 1
    return result if isinstance(result, int) else 0


def _said(error: Exception) -> str:
    """An error in words, with the remedy."""
    if isinstance(error, NadfluxError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{str(error.filename)!r}: {error.strerror}" if error.filename else str(error)
        return f"cannot read or write {place}; give another path or make this one accessible"
    if isinstance(error, MemoryError):
        return f"not enough memory ({error}); ask for fewer people, times or outputs"
    return (
        f"unexpected {type(error).__name__}: {error}\n"
        "This is a fault of nadflux, not of your input; add --debug and report what it prints."
    )


def _commands_needed(words: Sequence[str]) -> Iterable[str]:
    first = next((word for word in words if not word.startswith("-")), None)
    if first is None:
        return COMMANDS
    if first in COMMANDS:
        return [first]
    close = nearest(first, COMMANDS)
    hint = f"; did you mean {close[0]!r}?" if close else f"; commands: {', '.join(COMMANDS)}"
    raise _UsageError(f"unknown command {first!r}{hint}")


def _command_module(name: str) -> ModuleType:
    return importlib.import_module(COMMANDS[name])


def _version(asked: bool) -> None:
    if asked:
        from nadflux import __version__

        print(f"nadflux {__version__}")
        raise typer.Exit
