"""Compiled message catalogues: `django.mo` beside each `django.po`, made when they are missing or older.

Compiled catalogues are not in the repository and GNU gettext is not required: Babel does it in a fraction of a second, before
Django starts.
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogues(root: Path = LOCALE) -> list[Path]:
    """Compile every catalogue under `root` that has changed. Returns the files written.

    Each is written beside its place and then moved there, so that a process reading it sees either the old one or the new one.
    Raises OSError if the folder cannot be written and a catalogue is missing; an outdated one is kept.
    """
    written = []
    for po in sorted(root.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if _is_current(mo, po):
            continue
        try:
            _write(mo, _compile(po))
        except PermissionError:
            if not mo.exists():
                raise
            continue
        written.append(mo)
    return written


def _is_current(mo: Path, po: Path) -> bool:
    return mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns


def _compile(po: Path) -> bytes:
    language = po.parent.parent.name
    with po.open("rb") as source:
        catalogue = read_po(source, locale=language, charset="utf-8", abort_invalid=True)
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
