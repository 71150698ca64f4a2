"""Dataclasses as JSON and back: the types they declare are the schema, and what is read is checked against it.

Expressions are listed in a table of their own, each once and after its parts; elsewhere they are numbers of it.
"""

from __future__ import annotations

import base64
import dataclasses
import gc
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import numpy as np

from nadflux.kernel.graph import Node
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time

Value = TypeVar("Value")
Write = Callable[[Any, "_Table"], Any]
Read = Callable[[Any, "list[Expression]"], Any]

_EXPRESSION = frozenset(typing.get_args(Expression))
_NUMBERS = (float, int)


class DamagedValueError(Exception):
    """Bytes that hold no value of the type asked for."""


def pack(value: Value, kind: type[Value]) -> bytes:
    """Return the JSON of a dataclass.

    Parameters
    ----------
    value : dataclass
    kind : type
        Its class. Fields may be text, numbers, truth values, bytes, one-dimensional arrays of floats, expressions,
        dataclasses, and tuples, sets, mappings and options of these.

    Raises
    ------
    TypeError
        For a field of another type.
    """
    table, asked = _Table(), typing.cast(Any, kind)
    try:
        content = _codec(asked).write(value, table)
    except DamagedValueError as error:
        raise TypeError(f"{kind.__name__} cannot be stored: {error}") from error
    return json.dumps([_schema(asked), table.rows, content], separators=(",", ":")).encode()


def unpack(data: bytes, kind: type[Value]) -> Value:
    """Return the dataclass that `pack` wrote.

    Parameters
    ----------
    data : bytes
    kind : type

    Raises
    ------
    DamagedValueError
        Where the bytes are no JSON, were written for other fields, or hold something of another type.
    """
    asked, collecting = typing.cast(Any, kind), gc.isenabled()
    gc.disable()  # many small objects, none of them garbage
    try:
        schema, rows, content = json.loads(data)
        if schema != _schema(asked):
            raise DamagedValueError(f"written for another {kind.__name__}")
        value: Value = _codec(asked).read(content, _read_table(rows))
        return value
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DamagedValueError(f"no {kind.__name__}: {error}") from error
    finally:
        if collecting:
            gc.enable()


@cache
def _schema(kind: type) -> str:
    """Return a hash of the fields and types of a dataclass and of all that it holds."""
    return hashlib.sha256(_codec(kind).about.encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class _Codec:
    # how values of a type are written and read, and what the type is made of
    write: Write
    read: Read
    about: str


class _Table:
    """Expressions by number, equal ones once."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def number(self, expression: Expression) -> int:
        """Return the number of an expression, which is added if it is new."""
        key: tuple[Any, ...]
        row: Any
        if isinstance(expression, Apply):
            row = [expression.op, *map(self.number, expression.args)]
            key = tuple(row)
        elif isinstance(expression, Number):
            row = [expression.value, expression.unit]
            key = (repr(expression.value), None, expression.unit)  # −0 is not 0, and 1 not 1.0
        elif isinstance(expression, Symbol):
            row, key = expression.name, (expression.name, None)
        elif isinstance(expression, Time):
            row, key = None, (None,)
        else:
            raise TypeError(f"{expression!r} is no expression")
        number = self._numbers.setdefault(key, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
        return number


def _read_table(rows: list[Any]) -> list[Expression]:
    table: list[Expression] = []
    for row in _of(rows, list):
        if type(row) is str:
            table.append(Symbol(row))
        elif row is None:
            table.append(Time())
        elif type(row[0]) is str:
            if not all(type(number) is int and 0 <= number < len(table) for number in row[1:]):
                raise DamagedValueError("an expression of others that do not stand before it")
            table.append(Apply(row[0], tuple([table[number] for number in row[1:]])))
        else:
            value, unit = row
            table.append(Number(_of(value, *_NUMBERS), _of(unit, str, types.NoneType)))
    return table


def _of(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise DamagedValueError(f"{str(value)[:40]!r} is of type {type(value).__name__}")
    return value


@cache
def _codec(kind: Any) -> _Codec:
    """Return the codec of an annotated type."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    if origin in (types.UnionType, typing.Union):
        return _union(frozenset(inside))
    if origin is tuple:
        return _many(inside[0], tuple) if inside[1:] == (Ellipsis,) else _fixed(inside)
    if origin is frozenset:
        return _many(inside[0], frozenset)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*inside)
    raise TypeError(f"values of type {kind} cannot be stored; add the type to stored_values")


def _exactly(*kinds: type) -> _Codec:
    def check(value: Any, table: object) -> Any:
        return _of(value, *kinds)

    return _Codec(check, check, "|".join(kind.__name__ for kind in kinds))


def _write_float(value: Any, table: object) -> Any:
    return float(value) if isinstance(value, float) else _of(value, int)


def _read_bytes(value: Any, table: object) -> bytes:
    return base64.b64decode(_of(value, str), validate=True)


def _write_array(value: np.ndarray, table: object) -> str:
    if value.dtype != np.float64 or value.ndim != 1:
        raise TypeError(f"an array of {value.ndim} dimensions of {value.dtype} cannot be stored")
    return base64.b64encode(value.astype("<f8").tobytes()).decode()


def _read_array(value: Any, table: object) -> np.ndarray:
    return np.frombuffer(_read_bytes(value, table), dtype="<f8").astype(float)


def _read_node(value: Any, table: object) -> tuple[Any, ...]:
    """Read a node of a graph: an operation with numbers."""
    if type(value) is not list or not value or type(value[0]) is not str or not _NODE.issuperset(map(type, value[1:])):
        raise DamagedValueError(f"{str(value)[:40]!r} is no node")
    return tuple(value)


_NODE = frozenset((int, float, bool))
_PLAIN: dict[Any, _Codec] = {
    **{kind: _exactly(kind) for kind in (str, int, bool)},
    float: _Codec(_write_float, _exactly(*_NUMBERS).read, "float"),
    bytes: _Codec(lambda value, table: base64.b64encode(value).decode(), _read_bytes, "bytes"),
    np.ndarray: _Codec(_write_array, _read_array, "array"),
    Node: _Codec(lambda value, table: list(value), _read_node, "node"),
}


def _dataclass(kind: type) -> _Codec:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    codecs = [_codec(hints[name]) for name in names]
    readers = [codec.read for codec in codecs]

    def write(value: Any, table: _Table) -> list[Any]:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return [codec.write(getattr(value, name), table) for name, codec in zip(names, codecs, strict=True)]

    def read(value: Any, table: list[Expression]) -> Any:
        made: Any = object.__new__(kind)  # all that a constructor would work out is among the fields
        for name, reader, part in zip(names, readers, _of(value, list), strict=True):
            object.__setattr__(made, name, reader(part, table))
        return made

    fields = ",".join(f"{name}:{codec.about}" for name, codec in zip(names, codecs, strict=True))
    return _Codec(write, read, f"{kind.__name__}({fields})")


def _union(kinds: frozenset[Any]) -> _Codec:
    """Return the codec of one type, or of all expressions, with or without None."""
    some = kinds - {types.NoneType}
    if some == _EXPRESSION:
        codec = _Codec(lambda value, table: table.number(value), lambda value, table: table[_number(value)], "formula")
    elif len(some) == 1:
        codec = _codec(next(iter(some)))
    else:
        raise TypeError(f"values of type {kinds} cannot be stored; add the type to stored_values")
    if some == kinds:
        return codec
    return _Codec(
        lambda value, table: None if value is None else codec.write(value, table),
        lambda value, table: None if value is None else codec.read(value, table),
        f"{codec.about}?",
    )


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise DamagedValueError(f"{str(value)[:40]!r} is no number of an expression")
    return value


def _many(kind: Any, make: type) -> _Codec:
    codec = _codec(kind)

    def write(value: Any, table: _Table) -> list[Any]:
        return [codec.write(part, table) for part in (sorted(value) if make is frozenset else value)]

    def read(value: Any, table: list[Expression]) -> Any:
        parts = _of(value, list)
        if kind in (str, int):
            if not {kind}.issuperset(map(type, parts)):
                raise DamagedValueError(f"a list of something else than {kind.__name__}")
            return make(parts)
        reader = codec.read
        return make([reader(part, table) for part in parts])

    return _Codec(write, read, f"{make.__name__}[{codec.about}]")


def _fixed(kinds: tuple[Any, ...]) -> _Codec:
    codecs = [_codec(kind) for kind in kinds]

    def write(value: Any, table: _Table) -> list[Any]:
        return [codec.write(part, table) for codec, part in zip(codecs, value, strict=True)]

    def read(value: Any, table: list[Expression]) -> tuple[Any, ...]:
        return tuple([codec.read(part, table) for codec, part in zip(codecs, _of(value, list), strict=True)])

    return _Codec(write, read, f"({','.join(codec.about for codec in codecs)})")


def _mapping(key: Any, kind: Any) -> _Codec:
    keys, values = _codec(key), _codec(kind)

    def write(value: Any, table: _Table) -> list[Any]:
        return [[keys.write(name, table) for name in value], [values.write(part, table) for part in value.values()]]

    def read(value: Any, table: list[Expression]) -> dict[Any, Any]:
        names, parts = _of(value, list)
        pairs = zip(_of(names, list), _of(parts, list), strict=True)
        return {keys.read(name, table): values.read(part, table) for name, part in pairs}

    return _Codec(write, read, f"{{{keys.about}:{values.about}}}")
