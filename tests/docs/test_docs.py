"""The pages say what is true: commands they show run, every command and public name has its entry."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import nadflux
from nadflux.faces.cli.app import COMMANDS, build_app, main
from nadflux.plans.language.sentence import parse_plan

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# What makes a shown command cheap; commands without an entry are parsed and not run.
SMALL = {
    "simulate": ["-n", "2", "--days", "1"],
    "fluxes": ["-n", "4"],
    "trace": ["-n", "2", "--hours", "2"],
    "describe": [],
    "assay": [],
    "export": [],
}


@cache
def _commands() -> dict[str, Any]:
    import typer.main

    return dict(typer.main.get_command(build_app()).commands)  # type: ignore[attr-defined]


def _shown(pages: tuple[Path, ...] = PAGES) -> list[str]:
    """Command lines in code, inline or in blocks; a bare name and a synopsis in brackets are no command lines."""
    found = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"^    (.+)$", text, flags=re.M)
        for piece in [*re.findall(r"`([^`\n]+)`", text), *(part for line in blocks for part in line.split(" && "))]:
            words = piece.strip().split()
            if (
                "[" not in piece
                and len(words) > 1
                and (words[0] == "nadflux" or (words[:1] == ["python"] and words[1].endswith(".py")))
            ):
                found.append(piece.strip())
    return list(dict.fromkeys(found))


SHOWN = _shown()
OURS = [line for line in SHOWN if (line.startswith("nadflux ") and len(line.split()) > 2) or line == "nadflux describe"]
SCRIPTS = sorted({line.split()[1] for line in SHOWN if line.startswith("python ")})


def test_commands_are_found() -> None:
    assert len(OURS) >= 8
    assert "docs/build.py" in SCRIPTS
    assert {line.split()[1] for line in OURS} >= {"simulate", "validate", "fluxes", "assay", "describe"}


@pytest.mark.parametrize("line", OURS)
def test_shown_commands_parse(line: str) -> None:
    _, name, *words = shlex.split(line)
    assert name in COMMANDS, f"{line!r} names a command that does not exist"
    given = _commands()[name].make_context(name, words).params
    plans = given.get("plan") or ()
    for plan in [plans] if isinstance(plans, str) else plans:
        assert parse_plan(plan)


@pytest.mark.parametrize("line", [line for line in OURS if line.split()[1] in SMALL])
def test_shown_commands_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = [word.replace("…", "man, 40 y") for word in shlex.split(line)[1:]]
    with pytest.raises(SystemExit) as stopped:
        main(_smaller(words))
    assert stopped.value.code == 0


def _smaller(words: list[str]) -> list[str]:
    """The command with fewer people and hours, each option once."""
    small = SMALL[words[0]]
    for option, value in zip(small[::2], small[1::2], strict=True):
        if option in words:
            words[words.index(option) + 1] = value
        else:
            words = [*words, option, value]
    return words


@pytest.mark.parametrize("script", SCRIPTS)
def test_shown_scripts_exist_and_explain_themselves(script: str) -> None:
    done = subprocess.run([sys.executable, str(ROOT / script), "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_entry(name: str) -> None:
    assert f"\n## nadflux {name}\n" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"`nadflux {name}`" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in nadflux.__all__ if not name.startswith("_")])
def test_every_public_name_has_its_entry(name: str) -> None:
    assert getattr(nadflux, name).__doc__
    assert f"\n## {name}\n" in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "docs"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_generator_writes_every_page(built: Path) -> None:
    written = {path.name for path in built.glob("*.md")}
    assert written == {
        path.name for path in PAGES if "made by `python docs/build.py`" in path.read_text(encoding="utf-8")
    }
    for page in built.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert "made by `python docs/build.py`" in text
        assert not re.search(r"\bnan\b|\bNone \|", text), page.name
        for figure in re.findall(r"\((figures/[^)]+)\)", text):
            assert (built / figure).stat().st_size > 5000, figure


def test_pages_hold_misses_and_assumptions(built: Path) -> None:
    nad, autophagy = ((built / name).read_text(encoding="utf-8") for name in ("nad.md", "autophagy.md"))
    assert re.search(r"### Misses \(\d+\)", nad)
    assert "mmol of NAD+ a day" in nad
    assert "## What is assumed" in nad
    assert "## What is assumed" in autophagy
    assert "## Contested links" in nad
    assert "### Parts missed" in autophagy


def test_a_posterior_is_told_with_what_it_rests_on(generator: Path) -> None:
    from _nad_validation import fit_text

    number = {"prior": [1.0, 2.0, 4.0], "posterior": [1.8, 2.1, 2.4], "unit": "uM", "shrinkage": 0.7,
              "effective_samples": 210.0, "informed_by": {"Conze2019": 0.6}}  # fmt: skip
    interval = {"median": 1.2, "low": 1.0, "high": 1.4}
    row = {"row": "Conze2019 NR100", "unit": "fold", "observed": 1.22, "kind": "value", "fitted": interval}
    sampler = {"inversion_steps": 3, "path": [1], "acceptance": 0.3, "correlation_with_start": 0.1, "failed_members": 0}
    record = {"rows": [row], "studies": ["Conze2019"], "runs": 10, "parameters": {"liver.NAMPT.Km": number},
              "sampler": sampler, "not_fitted": []}  # fmt: skip
    text = fit_text(record, "fit-1")
    assert "1 rows of 1 studies (Conze2019)" in text
    assert "210 effective samples" in text
    assert "| `liver.NAMPT.Km` | 2 (1 to 4) | 2.1 (1.8 to 2.4) | µM | 70% | Conze2019 60% |" in text
    assert "Conze2019 NR100" in text
    assert fit_text({}, "fit-2") == "Numbers are drawn from posterior fit-2, made with `nadflux fit`."
