"""The command line's frame: exit codes and messages, whatever the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from nadflux._version import __version__
from nadflux.errors import UnitError
from nadflux.faces.cli import app as frame
from nadflux.faces.cli._stopped import NOTHING, StoppedError, runs_in


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces every command by one that fails as it is told."""
    module = ModuleType("probe")

    def register(app: typer.Typer) -> None:
        @app.command(name="simulate")
        def simulate(outcome: str) -> None:
            failures = {
                "bad": UnitError("no unit 'mgg'"),
                "stop": KeyboardInterrupt(),
                "stop in part": StoppedError("finished runs are kept in r; go on"),
                "fault": RuntimeError("boo"),
                "place": PermissionError(13, "Permission denied", "a.csv"),
                "memory": MemoryError("7 TiB"),
            }
            if outcome == "gone":  # as rich does where the reader of a pipe went away
                try:
                    raise BrokenPipeError
                except BrokenPipeError:
                    raise SystemExit(1)  # noqa: B904
            if outcome in failures:
                raise failures[outcome]
            print(outcome)

    module.register = register  # type: ignore[attr-defined]
    monkeypatch.setattr(frame, "_command_module", lambda name: module)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["simulate", "fine"], 0, "fine"),
        (["simulate", "gone"], 141, ""),
        (["simulate", "bad"], 2, "no unit 'mgg'"),
        (["simulate", "stop"], 130, "nadflux: interrupted; nothing is kept"),
        (["simulate", "stop in part"], 130, "nadflux: interrupted; finished runs are kept in r; go on"),
        (["simulate", "place"], 2, "cannot read or write 'a.csv': Permission denied"),
        (["simulate", "memory"], 2, "not enough memory (7 TiB); ask for fewer"),
        (["simulate", "fault"], 1, "fault of nadflux"),
        (["simulate"], 2, "outcome"),
        (["simulate", "fine", "--nonsense"], 2, "nonsense"),
        (["simulte"], 2, "did you mean 'simulate'"),
        (["--version"], 0, "nadflux"),
    ],
)
def test_exit_code_and_message(
    probe: None, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        frame.main(words)
    shown = capsys.readouterr()
    assert stopped.value.code == code
    assert said.casefold() in (shown.out + shown.err).casefold()
    assert "Traceback" not in shown.err


def test_debug_shows_the_traceback(probe: None) -> None:
    with pytest.raises(RuntimeError, match="boo"):
        frame.main(["simulate", "fault", "--debug"])


def test_every_command_has_a_module_with_help() -> None:
    app = frame.build_app()
    registered = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert registered == set(frame.COMMANDS)
    assert all((command.help or (command.callback and command.callback.__doc__)) for command in app.registered_commands)


def test_control_c_while_loading_ends_in_words() -> None:
    code = (
        "import sys\n"
        "class Press:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Press())\n"
        "from nadflux.faces.cli import main\n"
        "main(['plans'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stderr == "nadflux: interrupted while starting; nothing was begun\n"


def test_the_version_loads_no_command_line() -> None:
    code = (
        "import sys\n"
        "from nadflux.faces.cli import main\n"
        "try:\n"
        "    main(['--version'])\n"
        "finally:\n"
        "    print([name for name in ('typer', 'numpy', 'nadflux.faces.cli.app') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"nadflux {__version__}\nbiology: texts ")
    assert done.stdout.endswith(" (SHA-256)\n[]\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_version_that_cannot_be_printed_ends_in_words() -> None:
    with open("/dev/full", "w") as full:
        code = "from nadflux.faces.cli import main; main(['--version'])"
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "cannot write to the standard output" in done.stderr


def test_runs_are_said_to_be_kept_only_where_there_are_some(tmp_path: Path) -> None:
    assert runs_in(tmp_path / "missing", "go on").kept == NOTHING
    assert runs_in(tmp_path, "go on").kept == NOTHING
    (tmp_path / "a.npy").write_bytes(b"")
    assert runs_in(tmp_path, "go on").kept == f"finished runs are kept in {tmp_path}; go on"


@pytest.mark.parametrize(
    ("words", "computes"),
    [
        (["rivals", "man, 40 y"], "nadflux.studies.experiments.rivals.compare_rivals"),
        (["compare-routes"], "nadflux.studies.experiments.compare_routes.compare_routes"),
        (["ranges"], "nadflux.studies.experiments.ranges.check_ranges"),
        (["sensitivity", "man, 40 y", "--output", "pbmc_nad"], "nadflux.inference.sensitivity.sensitivity"),
        (["simulate", "man, 40 y", "--out", "x.csv"], "nadflux.simulation.simulate_settled"),
    ],
)
def test_an_interrupted_command_says_that_nothing_is_kept(
    words: list[str], computes: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(computes, stop)
    with pytest.raises(SystemExit) as stopped:
        frame.main(words)
    assert stopped.value.code == 130
    assert capsys.readouterr().err == "nadflux: interrupted; nothing is kept\n"
    assert not list(tmp_path.iterdir())


def test_simulate_interrupted_before_anybody_says_one_thing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from nadflux.simulation import SimulationInterruptedError

    def stop(*_: object, **__: object) -> None:
        raise SimulationInterruptedError(None, 8)

    monkeypatch.setattr("nadflux.simulation.simulate_settled", stop)
    with pytest.raises(SystemExit):
        frame.main(["simulate", "man, 40 y", "--out", str(tmp_path / "x.zarr")])
    err = capsys.readouterr().err
    assert err == "nadflux: interrupted before the first people were finished; nothing is written\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_without_the_signs_of_a_table_shows_question_marks(encoding: str) -> None:
    surroundings = {**os.environ, "PYTHONIOENCODING": encoding}
    words = [sys.executable, "-m", "nadflux", "plans", "NAM 4 % topical twice daily on 300 cm² for 4 weeks"]
    done = subprocess.run(words, env=surroundings, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"screened" in done.stdout


def test_commands_and_options_are_completed_in_a_shell() -> None:
    for typed, completed in (("nadflux scr", "screen"), ("nadflux screen --pl", "--plan")):
        asked = {**os.environ, "_NADFLUX_COMPLETE": "complete_bash", "COMP_WORDS": typed}
        asked |= {"COMP_CWORD": str(len(typed.split()) - 1)}
        code = "import sys; sys.argv[0] = 'nadflux'; from nadflux.faces.cli import main; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=asked, check=False)
        assert completed in done.stdout.split()


def test_without_colour_nothing_is_bold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "xterm")
    from nadflux.faces.cli.app import main

    with pytest.raises(SystemExit):
        main(["--no-color", "plans", "NR 500 mg daily for 1 week"])
    assert "\x1b[" not in capsys.readouterr().out
