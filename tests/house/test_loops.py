"""A loop that carries state says in a line above it what it carries.

Judged are ``while`` loops, and ``for`` loops of the kernel, in which a name is read before the same round binds it: its
value comes from the round before. Elsewhere a ``for`` that adds up or narrows is common and plain, and a comment above
each would be noise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from house_rooms import SOURCE


def uncommented(source: str, with_for: bool) -> list[int]:
    """Return the lines of loops that carry a name from round to round and have no comment above."""
    lines, kinds = source.splitlines(), (ast.While, ast.For) if with_for else (ast.While,)
    loops = (node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds))
    return [
        loop.lineno for loop in loops if carried(loop) and not lines[max(loop.lineno - 2, 0)].lstrip().startswith("#")
    ]


def carried(loop: ast.For | ast.While) -> set[str]:
    """Return the names that a round reads before it binds them."""
    first: dict[str, bool] = {}
    bound = set()
    head = [loop.test] if isinstance(loop, ast.While) else [loop.target]
    parts: list[ast.AST] = [*head, *loop.body]
    for node in parts:
        for name, reads in _uses(node):
            first.setdefault(name, reads)
            if not reads:
                bound.add(name)
    return {name for name in bound if first[name]}


def _uses(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield names in the order of evaluation, each with whether it is read (True) or bound."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Load)
    elif isinstance(node, ast.AugAssign):
        yield from _uses(node.value)
        if isinstance(node.target, ast.Name):
            yield node.target.id, True
        yield from _uses(node.target)
    elif isinstance(node, ast.Assign):
        for part in (node.value, *node.targets):
            yield from _uses(part)
    elif isinstance(node, ast.For):
        for inner in (node.iter, node.target, *node.body, *node.orelse):
            yield from _uses(inner)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        own = {n.id for one in node.generators for n in ast.walk(one.target) if isinstance(n, ast.Name)}
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        yield from ((name, True) for name in names - own)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _uses(child)


def test_every_loop_that_carries_state_has_a_comment() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        inside = path.relative_to(SOURCE)
        lines = uncommented(path.read_text(encoding="utf-8"), with_for=inside.parts[0] == "kernel")
        found += [f"{inside}:{line}" for line in lines]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("while waiting:\n    waiting = waiting[1:]", {"waiting"}),
        ("while True:\n    x = f()\n    y = x", set()),
        ("for j in rows:\n    total = total + j", {"total"}),
        ("for j in rows:\n    total += j", {"total"}),
        ("for j in rows:\n    rows2.append(j)", set()),
        ("for low in rows:\n    x = [low for low in x]", {"x"}),
        ("for j in rows:\n    for k in j:\n        last = k if k > last else last", {"last"}),
    ],
)
def test_what_a_loop_carries(source: str, names: set[str]) -> None:
    loop = ast.parse(source).body[0]
    assert isinstance(loop, ast.While | ast.For)
    assert carried(loop) == names


def test_a_comment_above_is_enough() -> None:
    loop = "while x:\n    x -= 1\n"
    assert uncommented(loop, with_for=False) == [1]
    assert uncommented("# Halved until nothing is left.\n" + loop, with_for=False) == []
    assert uncommented("for j in a:\n    x += j\n", with_for=False) == []
    assert uncommented("for j in a:\n    x += j\n", with_for=True) == [1]
