"""The cast, and how somebody of it comes to a page."""

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast() -> Cast:
    return assemble()
