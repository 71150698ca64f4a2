"""The `nadflux` command: finds the module of a command, runs it, and turns errors into clear messages.

A command is a module with ``register(app)``. Only the module that is asked for is imported, so that
`nadflux simulate` does not pay for what `nadflux fit` needs.
"""

from __future__ import annotations

import errno
import functools
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Annotated, Any

import typer

from nadflux.errors import NadfluxError, nearest, shortened_lines
from nadflux.faces.cli._say import say
from nadflux.faces.cli._signals import exit_code, heeding, how_ended, stopped
from nadflux.shipped import CHOSEN_BY

COMMANDS = {
    name: f"nadflux.faces.cli.{name.replace('-', '_')}"
    for name in (
        "simulate",
        "plans",
        "screen",
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
        "petab",
        "new-biology",
        "check",
    )
}
"""Command name to module, in the order in which help lists them."""

BAD_INPUT = 2
BIOLOGY_OPTION = "--biology"
READER_GONE = 141
"""Exit code, as in shells, of a command whose reader went away: 128 and the number of SIGPIPE."""

_OUTPUT_FAILS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO)

# Some versions of typer carry their own click; the classes are found through typer's own names.
_UsageError: type[Exception]
_ClickError: type[Exception]
_UsageError, _ClickError = typer.BadParameter.__mro__[1:3]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    With 0 done; 2 bad input, or a place that cannot be written; 130 by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP;
    141 if the reader of a pipe went away; 1 an unexpected failure.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; taken from ``sys.argv`` by default.
    """
    _print_anything()
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words or bool(os.environ.get("NADFLUX_DEBUG"))
    with heeding():
        code = _run([word for word in words if word != "--debug"], debug)
        sys.exit(_flushed(code))


def _print_anything() -> None:
    """Let streams in encodings other than UTF-8 print a question mark for letters they lack, and never fail."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (closed by the caller, so nobody reads it)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def build_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Build the typer application with the named commands, all of them by default."""
    app = typer.Typer(
        name="nadflux",
        help="NAD+ biology and autophagic flux, organ by organ, in people. Not medical advice.",
        epilog="Add to any command: --biology DIR for the texts and tables of a folder (`nadflux new-biology`), "
        "--debug for the full traceback of an error.",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root(
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                help="Print the version, with hashes of the biology, and stop.",
                is_eager=True,
                callback=_version,
            ),
        ] = False,
        no_color: Annotated[
            bool,
            typer.Option("--no-color", help="Print without colours and bold; so does NO_COLOR in the environment."),
        ] = False,
    ) -> None:
        del version
        if no_color:
            os.environ["NO_COLOR"] = "1"
            os.environ["TERM"] = "dumb"

    for name in names:
        _command_module(name).register(app)
    from nadflux.faces.cli._once import OnceCommand

    for command in app.registered_commands:
        command.cls = OnceCommand
        if command.callback is not None:
            command.callback = _speaking(command.callback)
    return app


def _speaking(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Let the command itself report what is kept on Ctrl-C: typer would lose the message on the way."""

    @functools.wraps(callback)
    def run(*words: Any, **options: Any) -> Any:
        try:
            return callback(*words, **options)
        except KeyboardInterrupt as stop:
            return _interrupted(stop)

    return run


def _interrupted(stop: BaseException) -> int:
    from nadflux.faces.cli._stopped import what_is_kept

    say(f"nadflux: {how_ended()}; {what_is_kept(stop)}")
    return exit_code()


def _flushed(code: int) -> int:
    """Write what is buffered to the standard output, and return the exit code, another one if that fails."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or _gone()
    except OSError as error:
        code = code or _refused(error)
    except ValueError:
        return code  # closed
    else:
        return code
    _give_up_output()
    return code


def _refused(error: OSError) -> int:
    """Print that the standard output accepts no more, and return the exit code."""
    say(f"nadflux: cannot write to {_name_of_output()}: {error.strerror or error}; files asked for are kept")
    return exit_code() if stopped() else BAD_INPUT


def _gone() -> int:
    """Return the exit code if the reader of the output went away."""
    return exit_code() if stopped() else READER_GONE


def _give_up_output() -> None:
    """Discard what is still buffered, so that Python does not fail when it ends."""
    nowhere = open(os.devnull, "w")  # noqa: SIM115  (lives as long as the process)
    try:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = nowhere


def _name_of_output() -> str:
    """Return the standard output in words, with its device or file if the system names it."""
    try:
        name = os.readlink(f"/proc/self/fd/{sys.stdout.fileno()}")
    except (OSError, ValueError):
        return "the standard output"
    return f"the standard output, {name}" if name.startswith("/") else "the standard output"


def _run(words: list[str], debug: bool) -> int:
    try:
        words = _with_biology(words)
        names = _commands_needed(words)
        result = build_app(names)(args=words, standalone_mode=False, prog_name="nadflux")
    except _ClickError as mistake:
        mistake.show()  # type: ignore[attr-defined]
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _interrupted(stop)
    except BrokenPipeError:
        return _gone()
    except SystemExit as stop:
        # Rich and typer exit in this way when the reader went away.
        if isinstance(stop.__context__, BrokenPipeError):
            return _gone()
        raise
    except Exception as error:
        if isinstance(error, OSError) and _of_output(error):
            return _refused(error)
        if debug:
            raise
        say(f"nadflux: {_said(error)}")
        return BAD_INPUT if isinstance(error, NadfluxError | OSError | MemoryError) else 1
    return result if isinstance(result, int) else 0


def _of_output(error: OSError) -> bool:
    """Tell whether an error concerns the standard output: errors of files name the file."""
    return error.filename is None and error.errno in _OUTPUT_FAILS


def _said(error: Exception) -> str:
    """Return an error in words, with the remedy."""
    if isinstance(error, NadfluxError):
        return shortened_lines(str(error))
    if isinstance(error, OSError):
        place = f"{str(error.filename)!r}: {error.strerror}" if error.filename else str(error)
        return f"cannot read or write {place}; give another path or make this one accessible"
    if isinstance(error, MemoryError):
        return f"not enough memory ({error}); ask for fewer people, times or outputs"
    return (
        f"unexpected {type(error).__name__}: {error}\n"
        "This is a fault of nadflux, not of your input; add --debug and report what it prints."
    )


def _with_biology(words: list[str]) -> list[str]:
    """Choose the folder of ``--biology DIR`` before any room reads the biology; return the other words."""
    left: list[str] = []
    folder = None
    rest = iter(words)
    # Word by word; the option may stand anywhere.
    for word in rest:
        if word == BIOLOGY_OPTION or word.startswith(f"{BIOLOGY_OPTION}="):
            folder = word.partition("=")[2] or next(rest, "")
        else:
            left.append(word)
    if folder is not None:
        if not folder:
            raise NadfluxError(f"{BIOLOGY_OPTION} needs a folder; `nadflux new-biology DIR` makes one")
        os.environ[CHOSEN_BY] = os.path.abspath(os.path.expanduser(folder))
    if os.environ.get(CHOSEN_BY):
        _check_biology()
    return left


def _check_biology() -> None:
    """Refuse a folder of biology that cannot be used; raises `NadfluxError`."""
    from pathlib import Path

    from nadflux import shipped
    from nadflux.network.biology_folder import check_biology_folder

    chosen = Path(os.environ[CHOSEN_BY]).expanduser().resolve()
    if chosen != shipped.BIOLOGY:
        raise NadfluxError(
            f"the biology was read from {str(shipped.BIOLOGY)!r} before {str(chosen)!r} was chosen; set {CHOSEN_BY} "
            "before Python starts"
        )
    check_biology_folder(chosen)


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
        from nadflux.shipped import version_text

        print(version_text(__version__))
        raise typer.Exit
