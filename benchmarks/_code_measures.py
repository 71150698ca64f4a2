"""Measures of the code itself, from its syntax trees: branches, import circles, docstrings, checks of habit types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "nadflux"
MOST_BRANCHES = 10
# A branch: a statement that may be skipped or repeated, another operand of and/or, a loop or a filter in a
# comprehension, a conditional expression.
_ONE = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.match_case, ast.IfExp)
_CLAUSE = re.compile(r"(What|When|Which|Who|Whether|Where|Why|How)\b")
_ARRAY = re.compile(r"\bndarray\b|\bArray\b|NDArray")
_SHAPE = re.compile(r"\([^()]*,[^()]*\)|\bshapes?\b|\belementwise\b|\bscalar\b")
# A unit, or the words for an array that has none: truth values, indices, standard normal scores, shares.
_UNIT = re.compile(
    r"\bunits?\b|(?<!')\b(mol|umol|mg|kg|g|L|mL|M|mM|uM|h|d|s|years?|hours?|days?|min)\b|µ(mol|M|g|L)\b|%|"
    r"\b(dimensionless|bool|int|index|indices|integers?|scores?|shares?|probabilit(y|ies)|quantiles?|logarithms?)\b|"
    r"\b(log density|weights?)\b"
)
_SECTION = re.compile(r"^(\w+(?: \w+)?)\n-+$", re.M)


@dataclass(frozen=True)
class Function:
    """A function of the package, with its module and class."""

    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    owner: str = ""
    nested: bool = False

    @property
    def place(self) -> str:
        """Module, class and name."""
        return ".".join(filter(None, (self.module, self.owner, self.node.name)))

    @property
    def public(self) -> bool:
        """True if others may call it: no underscore begins it or its class, and no function contains it.

        The setter of a property is documented by the property.
        """
        setter = any(getattr(decorator, "attr", "") == "setter" for decorator in self.node.decorator_list)
        return not (setter or self.nested or self.node.name.startswith("_") or self.owner.startswith("_"))

    @property
    def is_property(self) -> bool:
        """True if it is read like an attribute."""
        names = {getattr(d, "id", getattr(d, "attr", "")) for d in self.node.decorator_list}
        return bool(names & {"property", "cached_property"})

    @property
    def docstring(self) -> str:
        """Its docstring, or nothing."""
        return ast.get_docstring(self.node) or ""


def modules(source: Path) -> dict[str, ast.Module]:
    """Return the syntax tree of every module below ``source`` (the folder that holds the package), by dotted name."""
    found = {}
    for path in sorted((source / PACKAGE).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def functions(trees: Mapping[str, ast.Module]) -> Iterator[Function]:
    """Yield every function and method, nested ones included."""

    def below(module: str, node: ast.AST, owner: str, nested: bool) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(module, child, owner, nested)
                yield from below(module, child, owner, True)
            else:
                yield from below(module, child, child.name if isinstance(child, ast.ClassDef) else owner, nested)

    for module, tree in trees.items():
        yield from below(module, tree, "", False)


def branches(function: ast.AST) -> int:
    """Count the branches of a function, without those of functions inside it."""
    count, waiting = 0, list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        count += isinstance(node, _ONE)
        count += len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
        count += 1 + len(node.ifs) if isinstance(node, ast.comprehension) else 0
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return count


def import_circles(trees: Mapping[str, ast.Module]) -> list[list[str]]:
    """Return the groups of modules that import each other, late imports and those for types included."""
    graph = {name: _imports(name, tree, trees) for name, tree in trees.items()}
    return [sorted(group) for group in _strongly_connected(graph) if len(group) > 1]


def habit_checks(trees: Mapping[str, ast.Module], habits: frozenset[str]) -> list[str]:
    """Return where ``isinstance`` or a ``case`` asks for the class of a habit."""
    found = []
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.MatchClass) or (isinstance(node, ast.Call) and _asks_for_class(node)):
                names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                if names & habits:
                    found.append(f"{module}:{node.lineno}")
    return found


def opens_with_clause(docstring: str) -> bool:
    """Tell whether a docstring opens with What, When, Which, Who or their like."""
    return bool(_CLAUSE.match(docstring))


def first_word(docstring: str) -> str:
    """Return the first word of a docstring, without the marks before it."""
    found = re.match(r"\W*(\w+)", docstring)
    return found.group(1) if found else ""


def array_arguments(function: Function) -> dict[str, bool]:
    """Return each argument that is an array, and whether the docstring states its shape and its unit.

    The entry of the argument under *Parameters* states them, or the summary, which then names the argument in
    backticks. ``return`` is the array that the function returns: *Returns* or the summary states it.
    """
    sections = _sections(function.docstring)
    result = {}
    arguments = [*function.node.args.posonlyargs, *function.node.args.args, *function.node.args.kwonlyargs]
    for argument in arguments:
        if _is_array(argument.annotation):
            found = re.search(
                rf"^[\w, *]*\b{argument.arg}\b[\w, ]* :(.*(?:\n[ \t]+.*)*)", sections.get("Parameters", ""), re.M
            )
            named = re.search(rf"`{argument.arg}`", sections[""])
            stated = found.group(1) if found else sections[""] if named else ""
            result[argument.arg] = _states(stated)
    if _is_array(function.node.returns):
        result["return"] = _states(sections.get("Returns") or sections.get("Yields") or sections[""])
    return result


def raises_without_section(function: Function) -> bool:
    """Tell whether a function raises an error of the package that its docstring does not name."""
    raised = set()
    for node in ast.walk(function.node):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            raised.add(getattr(node.exc.func, "id", getattr(node.exc.func, "attr", "")))
    named = {name for name in raised if name and name[0].isupper()}
    return any(name not in function.docstring for name in named)


def _asks_for_class(call: ast.Call) -> bool:
    return getattr(call.func, "id", "") == "isinstance"


def _is_array(annotation: ast.expr | None) -> bool:
    return annotation is not None and bool(_ARRAY.search(ast.unparse(annotation)))


def _states(text: str) -> bool:
    return bool(_SHAPE.search(text) and _UNIT.search(text))


def _sections(docstring: str) -> dict[str, str]:
    """Split a docstring at its underlined headings; what comes before the first has the empty name."""
    parts = _SECTION.split(docstring)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _imports(name: str, tree: ast.Module, known: Mapping[str, ast.Module]) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (below & known.keys()) or {node.module}
    return {other for other in found if other in known and other != name}


def _strongly_connected(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return strongly connected components by Tarjan (1972, doi:10.1137/0201010)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    result: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            cut = stack.index(node)
            result.append(stack[cut:])
            del stack[cut:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return result
