"""What a browser sends of the rows under a form."""

from typing import Any


def rows(prefix: str, *typed: dict[str, Any], known: int = 0) -> dict[str, Any]:
    """Return the rows as typed, of which the first `known` were there when the page was opened."""
    sent = {f"{prefix}-{number}-{name}": value for number, row in enumerate(typed) for name, value in row.items()}
    return {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": known} | sent
