"""Sphinx: the documentation site of nadflux, with tutorials and how-tos that are executed as it is built.

    pip install '.[site]' && python site/make_gallery.py && sphinx-build -W --keep-going site site/_build/html

The pages of ``docs/`` that are made from the model are copied in; ``gallery.md`` is written by ``make_gallery.py``.
What was executed is kept in ``_build/cache``, by the text of its cells: delete the folder after a change of the model.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nadflux

HERE = Path(__file__).resolve().parent
MADE = HERE / "made"

project = "nadflux"
author = "the nadflux developers"
version = release = nadflux.__version__
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["_build", "jupyter_execute", "README.md"]
html_theme = "furo"
html_title = f"nadflux {version}"
html_copy_source = False
html_show_sourcelink = False
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE / "_build" / "cache")
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3


def _copy_made_pages() -> None:
    """Copy the pages and figures that ``python docs/build.py`` writes."""
    docs = HERE.parent / "docs"
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(docs / "figures", MADE / "figures")
    for page in docs.glob("*.md"):
        if page.name != "README.md":
            shutil.copy(page, MADE / page.name)
    shutil.copy(HERE.parent / "CHANGELOG.md", MADE / "changelog.md")


_copy_made_pages()
