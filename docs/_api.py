"""``docs/api.md``: every public name of the package with its signature and docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from _text import code, page

import nadflux

_WIDTH = 110


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# The Python package",
        code("import nadflux as nf\n"
             'run = nf.simulate("woman, 62 y, 70 kg", plan="NR chloride 500 mg oral twice daily for 8 weeks", '
             'n=200, seed=1)\n'
             "run.data    # an xarray Dataset: person × time, with unit, matrix, kind and tier on every variable"),
        *(_entry(name) for name in public_names()),
    )  # fmt: skip


def public_names() -> list[str]:
    """Return the public names of the package, functions first."""
    names = [name for name in nadflux.__all__ if not name.startswith("_")]
    return sorted(names, key=lambda name: (inspect.isclass(getattr(nadflux, name)), name))


def _entry(name: str) -> str:
    thing = getattr(nadflux, name)
    head = f"## {name}\n\n" + code(_signature(name, thing)) if callable(thing) else f"## {name}"
    text = f"{head}\n\n{_words(thing)}"
    if inspect.ismodule(thing):
        text += "".join(_functions(name, thing))
    if inspect.isclass(thing):
        text += "".join(_members(name, thing))
    return text


def _members(owner: str, thing: type) -> Iterator[str]:
    for name, member in _own(thing).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if name.startswith("_") or not inspect.getdoc(plain):
            continue
        if isinstance(plain, property):
            yield f"\n\n### {owner}.{name}\n\n{_words(plain)}"
        elif inspect.isfunction(plain):
            yield f"\n\n### {owner}.{name}\n\n{code(_signature(f'{owner}.{name}', plain))}\n\n{_words(plain)}"


def _functions(owner: str, thing: ModuleType) -> Iterator[str]:
    """Yield the functions that a module defines."""
    for name, member in vars(thing).items():
        if not name.startswith("_") and inspect.isfunction(member) and member.__module__ == thing.__name__:
            yield f"\n\n### {owner}.{name}\n\n{code(_signature(f'{owner}.{name}', member))}\n\n{_words(member)}"


def _own(thing: type) -> dict[str, object]:
    """Return the members of a class and of those of the package that it is made of."""
    found: dict[str, object] = {}
    for one in thing.__mro__:
        if one.__module__.startswith("nadflux"):
            found = {**found, **{name: member for name, member in vars(one).items() if name not in found}}
    return found


def _signature(name: str, thing: object) -> str:
    try:
        signature = inspect.signature(thing)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return name
    parts = [
        re.sub(r"(: )'([^']*)'", r"\1\2", str(p))
        for p in signature.parameters.values()
        if p.name not in ("self", "cls")
    ]
    kinds = [p.kind for p in signature.parameters.values() if p.name not in ("self", "cls")]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    flat = f"{name}({', '.join(parts)})"
    return flat if len(flat) <= _WIDTH else f"{name}(\n    " + ",\n    ".join(parts) + ",\n)"


def _words(thing: object) -> str:
    """Return the docstring, its NumPy sections as paragraphs with their entries as a list."""
    lines = inspect.cleandoc(inspect.getdoc(thing) or "").splitlines()
    result: list[str] = []
    in_section = False
    for k, line in enumerate(lines):
        following = lines[k + 1] if k + 1 < len(lines) else ""
        if following and set(following) == {"-"}:
            in_section = True
            result += [f"**{line}**", ""]
        elif line and set(line) == {"-"}:
            continue
        elif in_section and line and not line.startswith(" "):
            result.append(f"- `{line}`")
        else:
            result.append(f"  {line.strip()}" if in_section and line else line)
    return "\n".join(result)
