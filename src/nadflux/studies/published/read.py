"""The reader of study files: YAML to `Study`, with every mistake named by file, line, field and remedy."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from nadflux.errors import NadfluxError, StudyError, nearest
from nadflux.network.read_yaml import check_size
from nadflux.network.yaml_text import construct

if TYPE_CHECKING:
    from pydantic import ValidationError

    from nadflux.studies.published.schema import Study, StudyPopulation

SUFFIXES = (".yaml", ".yml")
_NOT_FITTED = "a fit runs on NAD+ alone, where no day is lived; write use: validation"
_PATH_PREFIX = re.compile(r"^((?:\w+(?:\[\d+\])?\.)*\w+(?:\[\d+\])?): (.*)$", re.S)


def read_studies(path: str | Path) -> tuple[Study, ...]:
    """Read all studies of a file or of a folder, sorted by file name.

    Parameters
    ----------
    path : str or Path
        A ``.yaml`` file, or a folder of them (not searched further down).

    Raises
    ------
    StudyError
        If there are no files, a file is bad, or two files have the same study id. All bad files are named.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix in SUFFIXES and f.is_file())
        if not files:
            raise StudyError(f"no study file in {path}: a folder needs at least one .yaml file")
    elif path.is_file():
        files = [path]
    else:
        raise StudyError(f"{path} does not exist; give a study file (.yaml) or a folder of them")
    studies: list[Study] = []
    problems: list[str] = []
    home: dict[str, Path] = {}
    for file in files:
        try:
            study = read_study(file)
        except StudyError as error:
            problems.append(str(error))
            continue
        if study.id in home:
            problems.append(
                f"{file}:1: id: study id {study.id!r} is in {home[study.id]} too; give one of them another id"
            )
        home.setdefault(study.id, file)
        studies.append(study)
    if problems:
        raise StudyError("\n".join(problems))
    return tuple(studies)


def read_study(path: str | Path) -> Study:
    """Read one study from one YAML file.

    Raises
    ------
    StudyError
        With one line ``file:line: field: what is wrong; remedy`` per mistake.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise StudyError(f"{path}:{line}: is no UTF-8 text; save the file as UTF-8") from error
    return parse_study(text, str(path))


def parse_study(text: str, name: str = "<text>") -> Study:
    """Read one study from YAML text; messages name the file as ``name``. Raises `StudyError`."""
    from pydantic import ValidationError

    from nadflux.studies.published.schema import Study

    try:
        check_size(text, name, StudyError)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        what = getattr(error, "problem", None) or str(error)
        raise StudyError(f"{name}:{line}: not valid YAML: {what}; check indentation, colons and quotes") from error
    if root is None:
        raise StudyError(f"{name}:1: the file is empty; a study needs id, citation, population, arms, observations")
    if not isinstance(root, yaml.MappingNode):
        raise StudyError(f"{name}:1: a study file is one mapping with id, citation, population, arms, observations")
    _refuse_repeated_keys(root, name)
    data = construct(loader, root, name, StudyError)
    _refuse_not_finite(data, root, name, ())
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        raise StudyError(_explain(error, root, name)) from error
    _refuse_bad_plans(study, root, name)
    return study


def _refuse_bad_plans(study: Study, root: yaml.Node, name: str) -> None:
    """Refuse plans that do not parse (they belong under ``intervention``) and habits that are not of usual life."""
    from nadflux.plans import parse_plan

    problems = _bad_habits(study, root, name)
    for index, arm in enumerate(study.arms):
        if arm.plan is None or arm.untreated:
            continue
        try:
            plan = parse_plan(arm.plan)
            if plan.lifestyle and study.use == "calibration":
                raise StudyError(_NOT_FITTED)
        except NadfluxError as error:
            line = _line(root, ("arms", index, "plan"))
            problems.append(f"{name}:{line}: arms[{index}].plan: {error}")
    if problems:
        raise StudyError("\n".join(problems))


def _bad_habits(study: Study, root: yaml.Node, name: str) -> list[str]:
    from nadflux.plans.language.person import check_usual

    places: list[tuple[tuple[int | str, ...], StudyPopulation]] = [(("population",), study.population)]
    places += [(("arms", k, "population"), arm.population) for k, arm in enumerate(study.arms) if arm.population]
    problems = []
    for place, population in places:
        if not population.habits:
            continue
        try:
            check_usual(population.habits)
            if study.use == "calibration":
                raise StudyError(_NOT_FITTED)
        except NadfluxError as error:
            where = (*place, "habits")
            problems.append(f"{name}:{_line(root, where)}: {_dotted(where)}: {error}")
    return problems


def _explain(error: ValidationError, root: yaml.Node, name: str) -> str:
    lines: dict[str, None] = {}
    for item in error.errors():
        location = tuple(part for part in item["loc"] if _is_field(part))
        message = item["msg"].removeprefix("Value error, ")
        kind = item["type"]
        prefix = _PATH_PREFIX.match(message) if kind == "value_error" else None
        if prefix and prefix.group(1).startswith("observations["):
            location += tuple(_split(prefix.group(1)))
            message = prefix.group(2)
        if kind == "missing":
            message = "is missing; add it"
        elif kind == "extra_forbidden":
            known = _fields_at(location[:-1])
            close = nearest(str(location[-1]), known)
            hint = f"did you mean {close[0]!r}?" if close else f"known fields: {', '.join(known)}"
            message = f"unknown field; {hint}"
        elif kind in ("literal_error", "enum"):
            message = f"{item['input']!r} is not one of {item['ctx']['expected']}"
        elif kind != "value_error":
            message = f"{_short(item['input'])} will not do: {message[0].lower()}{message[1:]}"
        field = _dotted(location) or "study"
        lines[f"{name}:{_line(root, location)}: {field}: {message}"] = None
    return "\n".join(lines)


def _is_field(part: int | str) -> bool:
    """Return whether a part of a location is a field, not a branch name of pydantic (``float``, ``literal[...]``)."""
    return isinstance(part, int) or (part not in ("float", "str", "int") and not part.startswith("literal["))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _split(path: str) -> list[int | str]:
    parts: list[int | str] = []
    for piece in path.split("."):
        head, _, index = piece.partition("[")
        parts.append(head)
        if index:
            parts.append(int(index.rstrip("]")))
    return parts


def _dotted(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _fields_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the field names of the schema at a place of the file."""
    from nadflux.people.covariate_table import SEX
    from nadflux.people.read_covariates import shipped_covariates
    from nadflux.studies.published import schema

    models: dict[str, type[schema._Strict]] = {
        "citation": schema.Citation, "population": schema.StudyPopulation, "arms": schema.Arm,
        "observations": schema.Observation, "sex": schema.Sex,
        **{row.name: schema.Spread for row in shipped_covariates() if row.name != SEX},
    }  # fmt: skip
    names = [part for part in location if isinstance(part, str)]
    model = models.get(names[-1], schema.Study) if names else schema.Study
    return [field.alias or key for key, field in model.model_fields.items()]


def _line(root: yaml.Node, location: tuple[int | str, ...]) -> int:
    """Return the line (from 1) of the deepest part of a location that is in the file."""
    node, line = root, root.start_mark.line
    # Down the document, part by part, as long as the part is in the file.
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 1


def _refuse_repeated_keys(node: yaml.Node, name: str) -> None:
    """Refuse repeated keys, of which YAML silently keeps the last."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, name)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise StudyError(f"{name}:{line}: not valid YAML for a study: a field name must be a word")
        if key.value in seen:
            raise StudyError(f"{name}:{line}: {key.value}: is given twice; remove one")
        seen.add(str(key.value))
        _refuse_repeated_keys(value, name)


def _refuse_not_finite(data: Any, root: yaml.Node, name: str, location: tuple[int | str, ...]) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            _refuse_not_finite(value, root, name, (*location, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _refuse_not_finite(value, root, name, (*location, index))
    elif isinstance(data, float) and not math.isfinite(data):
        where = f"{name}:{_line(root, location)}: {_dotted(location)}"
        raise StudyError(f"{where}: {data} is not a finite number; give a finite value")
