"""What a command found stays: on a signal, without a reader, on a full disk, when a later step fails."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import nadflux as nf
from nadflux.faces.cli import main
from nadflux.notes import NoteCode

WOMAN, PLAN = "woman, 62 y, 70 kg", "NR 500 mg oral daily for 2 d"
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
# Jobs in the background of a shell are born deaf to Ctrl-C, and so would be the child of a test run there.
CHILD = """
import signal
from nadflux.faces.cli import main
from nadflux.simulation import forward, parquet_file
signal.signal(signal.SIGINT, signal.default_int_handler)
forward.CHUNK, parquet_file.ROW_GROUP = 16, 1
main()
"""


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def started(out: Path, *words: str, **options: Any) -> subprocess.Popen[str]:
    command = ["simulate", WOMAN, "--plan", PLAN, *words, "--out", str(out)]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-c", CHILD, *command], text=True, **both)


def written(folder: Path, name: str) -> int:
    """Bytes in the part file, whose name is not known before."""
    return sum(
        f.stat().st_size for part in folder.glob(f".{name}.*.part") for f in (part, *part.rglob("whole_*/c/*/*"))
    )


@POSIX
@pytest.mark.parametrize(("name", "ending"), [("SIGINT", "csv"), ("SIGTERM", "zarr")])
def test_a_signal_leaves_a_part_that_says_so(tmp_path: Path, name: str, ending: str) -> None:
    target = tmp_path / f"x.{ending}"
    if ending == "csv":
        target.write_text("former")
    process = started(target, "-n", "100000", "--json")
    try:
        wait_for_people(process, target)
        number = getattr(signal, name)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 128 + number, err
    part = tmp_path / f"x.part.{ending}"
    said = re.search(r"interrupted( by \w+)? after (\d+) of 100000 people; their data are in (\S+), a part", err)
    assert said and said[3] == str(part) and (said[1] or " by SIGINT") == f" by {name}"
    kept = int(said[2])
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([part.name, *(["x.csv"] if ending == "csv" else [])])
    assert people_of(part) == (kept, f"{kept} of 100000 people, interrupted")
    assert json.loads(out)["persons"] == kept > 0
    assert ending != "csv" or target.read_text() == "former"


@POSIX
def test_a_terminal_that_hangs_up_leaves_a_part(tmp_path: Path) -> None:
    import fcntl
    import termios

    def lead() -> None:
        fcntl.ioctl(2, termios.TIOCSCTTY, 0)  # the terminal of the error stream is that of the session
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored, as it should be

    target = tmp_path / "x.parquet"
    master, slave = os.openpty()
    process = started(target, "-n", "100000", stderr=slave, start_new_session=True, preexec_fn=lead)
    os.close(slave)
    try:
        wait_for_people(process, target)
        os.close(master)
        process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 128 + signal.SIGHUP
    assert [p.name for p in tmp_path.iterdir()] == ["x.part.parquet"]
    kept, said = people_of(tmp_path / "x.part.parquet")
    assert kept > 0 and said == f"{kept} of 100000 people, interrupted"


def wait_for_people(process: subprocess.Popen[str], target: Path) -> None:
    """Wait until somebody is on disk."""
    begin = time.monotonic()
    while written(target.parent, target.name) < 10_000:
        assert process.poll() is None and time.monotonic() - begin < 60
        time.sleep(0.05)


def people_of(part: Path) -> tuple[int, str]:
    """How many people a file holds, and what it says of itself."""
    if part.suffix == ".zarr":
        import zarr

        said = str(zarr.open_group(part, mode="r").attrs["part"])
        run = nf.Run.load(str(part))
        assert any(note.code == NoteCode.INTERRUPTED for note in run.notes)
        assert len(run.record["people"]) == run.persons
        return run.persons, re.split(r" by|:", said)[0]
    table = pd.read_csv(part) if part.suffix == ".csv" else pd.read_parquet(part)
    said = table["label"].iloc[-1] if part.suffix == ".csv" else table.attrs["part"]
    people = table["person"].dropna()
    assert (people.value_counts() == people.value_counts().iloc[0]).all()  # each of them is whole
    return int(people.max()) + 1, re.split(r" by|:", str(said))[0]


@POSIX
def test_files_are_there_whatever_becomes_of_the_table(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    gone = started(tmp_path / "gone.csv", "-n", "2", "--plot", str(tmp_path / "gone.png"), stdout=write)
    os.close(write)
    _, err = gone.communicate(timeout=60)
    assert gone.returncode == 141
    assert err == f"data: {tmp_path}/gone.csv\nfigure: {tmp_path}/gone.png\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["gone.csv", "gone.png"]
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no device that is always full")
    with open("/dev/full", "w", encoding="ascii") as device:
        full = started(tmp_path / "full.csv", "-n", "2", stdout=device.fileno())
        _, err = full.communicate(timeout=60)
    assert full.returncode == 2
    assert "cannot write to the standard output" in err and "No space left on device" in err
    assert (tmp_path / "full.csv").read_bytes() == (tmp_path / "gone.csv").read_bytes()


def test_a_figure_that_fails_takes_neither_data_nor_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "x.png")

    monkeypatch.setattr("nadflux.faces.plot.run_figure.write_run", fail)
    words = ("simulate", WOMAN, "--plan", PLAN, "-n", "2", "--out", str(tmp_path / "x.csv"))
    code, out, err = call(capsys, *words, "--plot", str(tmp_path / "x.png"))
    assert code == 2 and "'x.png': No space left" in err
    assert f"data: {tmp_path / 'x.csv'}" in err and (tmp_path / "x.csv").exists()
    assert "whole blood" in out


@POSIX
@pytest.mark.parametrize("ending", ["csv", "zarr", "parquet"])
def test_a_full_disk_leaves_what_had_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    from nadflux.simulation.csv_file import CsvFile
    from nadflux.simulation.parquet_file import ParquetFile
    from nadflux.simulation.zarr_file import ZarrFile

    content = {"csv": CsvFile, "zarr": ZarrFile, "parquet": ParquetFile}[ending]
    whole, calls = content.add, []

    def add(self: CsvFile, run: nf.Run) -> None:
        calls.append(run.persons)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        whole(self, run)  # type: ignore[arg-type]

    monkeypatch.setattr("nadflux.simulation.parquet_file.ROW_GROUP", 1)
    monkeypatch.setattr("nadflux.simulation.forward.CHUNK", 2)
    monkeypatch.setattr(content, "add", add)
    target, part = tmp_path / f"x.{ending}", tmp_path / f"x.part.{ending}"
    code, out, err = call(capsys, "simulate", WOMAN, "--days", "1", "-n", "9", "--out", str(target))
    assert code == 2 and calls == [2, 2, 2, 4]
    assert "stopped after 6 of 9 people" in err and "No space left on device; free some space" in err
    assert f"in {part}, a part" in err and "; 4 of them are written" in err
    assert people_of(part) == (4, "4 of 9 people, stopped")
    assert list(tmp_path.iterdir()) == [part]
    assert "whole blood" in out and "stopped after 6 of 9 people" in out


def test_an_error_after_some_people_keeps_these(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from nadflux.simulation import forward

    whole, calls = forward.run_chunk, []

    def fail(*words: object, **options: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise MemoryError("7 TiB")
        return whole(*words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(forward, "CHUNK", 2)
    monkeypatch.setattr(forward, "run_chunk", fail)
    part = tmp_path / "x.part.csv"
    code, out, err = call(capsys, "simulate", WOMAN, "--days", "1", "-n", "9", "--out", str(tmp_path / "x.csv"))
    assert code == 2 and "not enough memory (7 TiB)" in err and f"in {part}, a part" in err
    assert people_of(part) == (4, "4 of 9 people, stopped") and "stopped after 4 of 9 people" in out


@POSIX
def test_signals_in_quick_succession_are_one() -> None:
    from nadflux.faces.cli import _signals

    former = signal.signal(signal.SIGTERM, signal.SIG_DFL), signal.signal(signal.SIGINT, signal.default_int_handler)
    with _signals.heeding():
        with pytest.raises(_signals.StopSignal):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)  # what is finished is being kept
        assert (_signals.exit_code(), _signals.how_ended()) == (143, "interrupted by SIGTERM")
        _signals._since[:] = [time.monotonic() - _signals.BOUNCE]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.signal(signal.SIGTERM, former[0]) == signal.SIG_DFL
    assert signal.signal(signal.SIGINT, former[1]) == signal.default_int_handler


def test_a_second_stop_ends_the_writing_between_two_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nadflux.simulation import csv_file

    whole, run = csv_file.said_of, nf.simulate(WOMAN, days=1, n=3, outputs=["pbmc_nad"])

    def press(*words: object) -> object:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return whole(*words)  # type: ignore[arg-type]

    (tmp_path / "x.csv").touch()
    file = csv_file.CsvFile(tmp_path / "x.csv")
    monkeypatch.setattr(csv_file, "said_of", press)
    with pytest.raises(KeyboardInterrupt):
        file.add(run)
    file.close(run, part="1 of 3 people")
    assert file.people == 1
    assert people_of(tmp_path / "x.csv") == (1, "1 of 3 people")


def test_all_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "simulate", WOMAN, "--all")
    assert code == 2 and "add --out FILE" in err
