"""The sources of the site: each page is reached, no link is dead, code and commands of the gallery parse."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nadflux.faces.cli.app import COMMANDS, build_app
from nadflux.plans.language.sentence import parse_plan

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"
PAGES = sorted(page for room in ("tutorials", "howto", "explain") for page in (SITE / room).glob("*.md"))
EXECUTED = [page for page in PAGES if page.parent.name != "explain"]


def _gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_gallery", SITE / "make_gallery.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = _gallery().figures()


def _name(page: Path) -> str:
    return str(page.relative_to(SITE).with_suffix("")).replace("\\", "/")


def _source(name: str) -> Path:
    """The file that a page of the built site is made from; pages below ``made/`` are copies of ``docs/``."""
    if name == "gallery":
        return SITE / "make_gallery.py"
    if name == "made/changelog":
        return ROOT / "CHANGELOG.md"
    return ROOT / "docs" / f"{name[5:]}.md" if name.startswith("made/") else SITE / f"{name}.md"


def _listed() -> list[str]:
    trees = re.findall(r"```\{toctree\}\n(.*?)```", (SITE / "index.md").read_text(encoding="utf-8"), flags=re.S)
    return [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]


def _links(page: Path) -> list[str]:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link and not link.startswith("#")]


def _cells(page: Path) -> list[str]:
    cells = re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
    return [re.sub(r"^:tags:.*\n", "", cell) for cell in cells]


def test_the_site_has_what_it_promises() -> None:
    assert len(list((SITE / "tutorials").glob("*.md"))) == 5
    assert len(list((SITE / "howto").glob("*.md"))) == 8
    assert len(GALLERY) == len({caption for caption, _ in GALLERY}) == len({words for _, words in GALLERY}) == 20


def test_every_page_is_in_the_contents_once_and_every_entry_exists() -> None:
    listed = _listed()
    assert len(listed) == len(set(listed))
    assert not {_name(page) for page in PAGES} - set(listed)
    made = {f"made/{page.stem}" for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"}
    assert not made - set(listed)
    assert not [name for name in listed if not _source(name).is_file()]


@pytest.mark.parametrize("page", [SITE / "index.md", *PAGES], ids=_name)
def test_no_internal_link_is_dead(page: Path) -> None:
    for link in _links(page):
        target = (page.parent / link.partition("#")[0]).resolve().relative_to(SITE)
        assert target.suffix == ".md", f"{link!r} is no page of the site"
        assert _source(str(target.with_suffix(""))).is_file(), f"{link!r} leads nowhere"


@pytest.mark.parametrize("page", EXECUTED, ids=_name)
def test_every_tutorial_and_how_to_has_code_that_compiles(page: Path) -> None:
    cells = _cells(page)
    assert cells
    assert page.read_text(encoding="utf-8").startswith("---\nfile_format: mystnb\n")
    for cell in cells:
        ast.parse(cell)


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "tutorials"], ids=_name)
def test_hidden_cells_hold_assertions_alone(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for hidden in re.findall(r":tags: \[remove-cell\]\n(.*?)```", text, flags=re.S):
        assert any(isinstance(line, ast.Assert) for line in ast.parse(hidden).body)


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    import typer.main

    return dict(typer.main.get_command(build_app()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", [words for _, words in GALLERY])
def test_commands_of_the_gallery_parse(words: str, commands: dict[str, Any]) -> None:
    name, *rest = shlex.split(words)
    assert name in COMMANDS
    given = commands[name].make_context(name, [*rest, "--plot", "figure.png"]).params
    assert str(given["plot"]) == "figure.png"
    for plan in given.get("plan") or ():
        assert parse_plan(plan)
    if name == "validate":
        assert (ROOT / str(given["path"])).is_file()


def test_the_page_of_the_gallery_shows_every_figure_with_its_command() -> None:
    page = _gallery().page()
    for index, (caption, words) in enumerate(GALLERY, 1):
        assert f"## {caption}\n" in page
        assert f"(gallery/{index:02d}.png)" in page
        assert f"nadflux {words} --plot" in page
