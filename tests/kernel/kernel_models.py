"""Small models for the tests of the kernel, written in infix."""

from __future__ import annotations

import ast

import numpy as np

from nadflux.kernel import Batch, EventArrays, Program, lower
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, SpeciesReference

BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}
COMPARE = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}


def parse(text: str) -> Expression:
    """Infix with Python's operators and function calls; ``time`` is the independent variable."""
    return _convert(ast.parse(text.replace("^", "**"), mode="eval").body)


def _convert(node: ast.expr) -> Expression:
    if isinstance(node, ast.BinOp):
        return Apply(BINARY[type(node.op)], (_convert(node.left), _convert(node.right)))
    if isinstance(node, ast.UnaryOp):
        return Apply("neg", (_convert(node.operand),))
    if isinstance(node, ast.Constant):
        return Number(float(node.value))
    if isinstance(node, ast.Name):
        return Time() if node.id == "time" else Symbol(node.id)
    if isinstance(node, ast.Compare):
        (operator,) = node.ops
        return Apply(COMPARE[type(operator)], (_convert(node.left), _convert(node.comparators[0])))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return Apply(node.func.id.removesuffix("_"), tuple(_convert(argument) for argument in node.args))


def reaction(name: str, equation: str, law: str) -> Reaction:
    """``reaction("r", "2 A -> B", "k * A")``."""
    sides = []
    for side in equation.split("->"):
        references = []
        for term in filter(None, (part.strip() for part in side.split("+"))):
            *factor, species = term.split()
            references.append(SpeciesReference(species, parse(factor[0]) if factor else Number(1.0)))
        sides.append(tuple(references))
    return Reaction(name, sides[0], sides[1], parse(law))


def rules_model(rates: dict[str, str], starts: dict[str, float], **constants: float) -> Model:
    """A model of rate rules on parameters."""
    parameters = {name: Parameter(name, value, constant=False) for name, value in starts.items()}
    parameters |= {name: Parameter(name, value) for name, value in constants.items()}
    return Model("rules", parameters=parameters, rate_rules={name: parse(text) for name, text in rates.items()})


def body_model() -> Model:
    """A small stiff network with everything the bits could depend on: powers, exp, cos, an input, depots."""
    species = {
        "gut": Species("gut", "lumen", amount=0.0),
        "plasma": Species("plasma", "blood", concentration=1.2),
        "cell": Species("cell", "tissue", concentration=300.0),
        "redox": Species("redox", "tissue", concentration=30.0),
        "fast": Species("fast", "tissue", amount=0.4),
        "urine": Species("urine", "lumen", amount=0.0),
    }
    constants = {"ka": 1.1, "Vmax": 40.0, "Km": 2.0, "n": 2.5, "kout": 0.08, "infusion": 0.5, "kf": 4000.0,
                 "amplitude": 0.25, "Ki": 90.0}  # fmt: skip
    reactions = [
        reaction("absorb", "gut -> plasma", "ka * gut * lumen"),
        reaction("feed", " -> plasma", "infusion * (1 + amplitude * cos(0.2617993877991494 * (time - 6)))"),
        reaction("take", "plasma -> cell", "Vmax * plasma^n / (Km^n + plasma^n) / (1 + cell / Ki) / 40"),
        reaction("use", "cell -> plasma", "kout * tissue * cell * exp(-redox / 100) / (1 + redox / cell)"),
        reaction("swap", "cell -> redox", "0.3 * tissue * (cell - 10 * redox)"),
        reaction("bind", "plasma -> fast", "kf * (plasma - fast) * blood * 0.01"),
        reaction("lose", "plasma -> urine", "0.15 * plasma * blood"),
    ]
    return Model(
        "body",
        compartments={
            "lumen": Compartment("lumen", 1.0),
            "blood": Compartment("blood", 3.0),
            "tissue": Compartment("tissue", 1.8),
        },
        species=species,
        parameters={name: Parameter(name, value) for name, value in constants.items()},
        reactions={r.id: r for r in reactions},
    )


def body_program(outputs: tuple[str, ...] = ("plasma", "cell", "urine")) -> Program:
    """The body lowered with the infusion as input."""
    return lower(body_model(), {name: Symbol(name) for name in outputs}, inputs=["infusion"])


def body_people(program: Program, count: int, seed: int = 1) -> np.ndarray:
    """Parameters of different people, shape (person, parameter)."""
    factors = np.random.default_rng(seed).lognormal(0.0, 0.2, (count, len(program.parameters)))
    return program.defaults * factors


def body_events(program: Program, count: int, offset: float = 0.0) -> EventArrays:
    """Doses and input steps, different from person to person, some coincident."""
    gut, blood = program.states.index("gut"), program.states.index("plasma")
    rows = []
    offsets = [0]
    for person in range(count):
        shift = 0.37 * person + offset
        rows += [(8.0 + shift, 0, gut, 100.0), (8.0 + shift, 1, 0, 0.9), (20.0, 0, blood, 5.0), (20.0, 0, gut, 7.0),
                 (32.0 + shift, 0, gut, 100.0), (40.0 + shift, 1, 0, 0.5)]  # fmt: skip
        rows[-6:] = sorted(rows[-6:], key=lambda row: row[0])
        offsets.append(len(rows))
    time, kind, target, value = (np.array(column) for column in zip(*rows, strict=True))
    return EventArrays(np.array(offsets), time, kind, target, value)


def body_batch(program: Program, count: int, **changes: object) -> Batch:
    """Two days of several people."""
    settings: dict = {
        "parameters": body_people(program, count),
        "start": 0.0,
        "end": 48.0,
        "times": np.linspace(0.0, 48.0, 25),
        "events": body_events(program, count),
    }
    return Batch(**(settings | changes))
