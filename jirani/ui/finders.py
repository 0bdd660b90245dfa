"""The style sheets: files by layer and component in `css/`, served as one sheet each, made when static files are looked up.

`css/site/<layer>/*.css` becomes `ui/jirani.css`, which every page loads; `css/desk/<layer>/*.css` becomes `ui/desk.css`, which
pages with forms and the design page add. There is no build step: `collectstatic` and the development server ask this finder.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import rcssmin
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

CSS = Path(__file__).parent / "css"
LAYERS = ("reset", "tokens", "base", "components", "pages")
#: rcssmin removes the space in `.field :is(a)`, which changes its meaning; in `.field *:is(a)` the meaning survives.
_DESCENDANT = re.compile(r"(?<=[\w\])\"]) +:(?=[a-z-]+[(\s,{])")
SHEETS = {"ui/jirani.css": CSS / "site", "ui/desk.css": CSS / "desk"}


def compose(folder: Path) -> str:
    """Return the minified style sheet of one folder, with each layer's files in the order of their names."""
    parts = [f"@layer {','.join(LAYERS)};"]
    for layer in LAYERS:
        files = sorted((folder / layer).glob("*.css"))
        if files:
            body = "\n".join(file.read_text("utf-8") for file in files)
            parts.append(f"@layer {layer}{{{body}}}")
    return str(rcssmin.cssmin(_DESCENDANT.sub(" *:", "\n".join(parts))))


@cache
def _shelf() -> Path:
    shelf = Path(tempfile.mkdtemp(prefix="jirani-sheets-"))
    atexit.register(shutil.rmtree, shelf, ignore_errors=True)
    return shelf


def _write(name: str) -> Path:
    target = _shelf() / name
    sheet = compose(SHEETS[name])
    if not target.exists() or target.read_text("utf-8") != sheet:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(sheet, "utf-8")
    return target


class SheetFinder(BaseFinder):
    """Finds the composed sheets; list it in STATICFILES_FINDERS."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file of a sheet, or [] for any other path."""
        if path not in SHEETS:
            return []
        found = str(_write(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every sheet with the storage that holds it."""
        for name in SHEETS:
            _write(name)
            yield name, FileSystemStorage(location=_shelf())
