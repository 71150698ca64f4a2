"""Reader of COMBINE archives (OMEX): ZIP files with a manifest that says what each file is.

Bergmann et al. 2014, doi:10.1186/s12859-014-0369-z.
"""

from __future__ import annotations

import os
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from nadflux.errors import ModelError
from nadflux.network.model import Model
from nadflux.network.model_text import MOST_BYTES
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_sbml import read_sbml
from nadflux.network.write_omex import ANTIMONY, SBML

SEDML = "sed-ml"
_MANIFEST = "manifest.xml"
_ENDINGS = {".xml": SBML, ".sbml": SBML, ".ant": ANTIMONY, ".antimony": ANTIMONY, ".sedml": SEDML}


@dataclass(frozen=True)
class Entry:
    """A file of an archive: its name, what it is (``sbml``, ``antimony``, ``sed-ml`` or empty), and its text."""

    name: str
    kind: str
    text: str
    master: bool = False


@dataclass(frozen=True)
class Archive:
    """The models and experiments of an archive.

    Attributes
    ----------
    path : Path
    entries : tuple of Entry
        In the order of the manifest.
    """

    path: Path
    entries: tuple[Entry, ...]

    def of(self, kind: str) -> tuple[Entry, ...]:
        """Return the files of a kind; the master files first."""
        return tuple(sorted((e for e in self.entries if e.kind == kind), key=lambda e: not e.master))

    def model(self, name: str = "") -> Model:
        """Return a model by its name in the archive; by default the master, or the only one.

        Raises
        ------
        ModelError
            Where there is none, or there are several and none is the master.
        """
        models = (*self.of(SBML), *self.of(ANTIMONY))
        wanted = posixpath.normpath(name) if name else ""
        found = [e for e in models if not wanted or e.name == wanted]
        if not found:
            there = ", ".join(e.name for e in models) or "no model"
            raise ModelError(f"{str(self.path)!r} holds no model {name or 'in SBML or Antimony'}; there is: {there}")
        first = found[0]
        others = [e for e in found if e.kind == first.kind]
        if len(others) > 1 and not first.master:
            names = ", ".join(e.name for e in others[:6])
            raise ModelError(f"{str(self.path)!r} holds {len(others)} models; unpack it and give one of {names}")
        return read_sbml(first.text) if first.kind == SBML else read_antimony(f"{first.text}\n")


def is_archive(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is a ZIP file."""
    return Path(path).is_file() and zipfile.is_zipfile(path)


def read_omex(path: str | os.PathLike[str]) -> Archive:
    """Read an archive; without a manifest, files are taken for what their endings say.

    Raises
    ------
    ModelError
        For a file that cannot be read, is too large, or whose manifest is not XML.
    """
    file = Path(path)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > MOST_BYTES:
                raise ModelError(
                    f"{str(file)!r} holds more than {MOST_BYTES // 1_000_000} MB; unpack it and give a model"
                )
            by_name = {posixpath.normpath(info.filename): info for info in infos}
            listed = _listed(archive.read(by_name[_MANIFEST])) if _MANIFEST in by_name else {}
            entries = [
                _entry(name, archive, info, listed.get(name)) for name, info in by_name.items() if name != _MANIFEST
            ]
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"cannot read the archive {str(file)!r}: {error}") from error
    order = {name: k for k, name in enumerate(listed)}
    entries.sort(key=lambda e: order.get(e.name, len(order)))
    return Archive(file, tuple(entries))


def parse_xml(text: bytes | str, label: str) -> ElementTree.Element:
    """Return the root of XML that declares no entities.

    Raises
    ------
    ModelError
        For text that is not XML, or that declares entities, which could grow without bound.
    """
    data = text if isinstance(text, bytes) else text.encode()
    if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
        raise ModelError(f"{label} declares entities (<!DOCTYPE>), which are not read; take the declaration out")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ModelError(f"{label} is not valid XML: {error}") from error


def _listed(manifest: bytes) -> dict[str, tuple[str, bool]]:
    """Return format and mastership of each file of a manifest."""
    found = {}
    for content in parse_xml(manifest, "the manifest").iter():
        if content.tag.rpartition("}")[2] == "content":
            name = posixpath.normpath(content.get("location", ""))
            found[name] = (content.get("format", ""), content.get("master", "").casefold() == "true")
    return found


def _entry(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, listed: tuple[str, bool] | None) -> Entry:
    form, master = listed or ("", False)
    said = form.casefold()
    kind = next((k for k in (SEDML, ANTIMONY, SBML) if k in said), "")
    if not kind and not said:
        kind = _ENDINGS.get(posixpath.splitext(name)[1].casefold(), "")
    text = archive.read(info).decode("utf-8", errors="replace") if kind else ""
    return Entry(name, kind, text, master)
