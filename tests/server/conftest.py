"""Folders for the embedded database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of the test's own.

    Not pytest's: that one lies in a folder which each start of pytest closes to other users, and where the tests run as
    root the database is another user.
    """
    yield from _temporary_folder()


@pytest.fixture(scope="module")
def module_path() -> Iterator[Path]:
    """As above, shared by the tests of one module."""
    yield from _temporary_folder()


def _temporary_folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="jirani-server-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)
