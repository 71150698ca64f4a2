"""Values of YAML that cannot be what they say: their line is named."""

from __future__ import annotations

import pytest

from nadflux.errors import StudyError
from nadflux.network.read_yaml import parse_yaml


def test_plain_yaml_is_read() -> None:
    assert parse_yaml("a: [1, 2.5, x, null]\nb: {c: 2001-02-03 x}\n", "t")["a"] == [1, 2.5, "x", None]
    assert parse_yaml("", "t") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: !!int x\n", "t:2: 'x' cannot be read as 'int'; write a plain word or number"),
        ("a: !!timestamp 99-99-99\n", "t:1: '99-99-99' cannot be read as 'timestamp'"),
        ("a: 2001-99-99\n", "t:1: '2001-99-99' cannot be read as 'timestamp'"),
        ("a: !<tag:yaml.org,2002:bool> x\n", "t:1: 'x' cannot be read as 'bool'"),
        ("a: 1\nb: !!python/object/apply:os.getcwd []\n", "t:2: a list or mapping cannot be read as 'python/object"),
        ("? [1, 2]\n: 3\n", "t:1: a list or mapping cannot be read"),
        ("a: \ud800\n", "not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        parse_yaml(text, "t", StudyError)
