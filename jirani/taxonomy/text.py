"""The words with which a network begins, as files: a record is a table, its text one table of languages a field (`name.en`, …)."""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read(name: str) -> dict[str, Any]:
    """The content of `data/<name>.toml`."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
