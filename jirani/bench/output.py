"""The output of benches: one JSON object per line with the figure in the last, or the same in words for a person."""

import json
from typing import Any


def tell(line: dict[str, Any], *, as_json: bool) -> None:
    """Print one observation."""
    print(
        json.dumps(line, ensure_ascii=False) if as_json else "  ".join(f"{k} {v}" for k, v in line.items()), flush=True
    )


def figure(bench: str, value: float, unit: str, limit: float, *, as_json: bool) -> bool:
    """Print the figure. Returns whether it is within its limit (`value` ≤ `limit`)."""
    ok = value <= limit
    tell({"bench": bench, "value": round(value, 3), "unit": unit, "limit": limit, "ok": ok}, as_json=as_json)
    return ok
