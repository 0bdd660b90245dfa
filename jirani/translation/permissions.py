"""Who may see translations: whoever may see what was translated."""

from typing import Any

from jirani.core.permissions import pair, permission_pairs

from .models import Translation


@pair(Translation, "visible_to")
def can_see_translation(user: Any, translation: Translation) -> bool:
    """Tell whether the user may see the record that was translated."""
    return translation.record is not None and _can_see(user, translation.record)


def _can_see(user: Any, record: Any) -> bool:
    """Ask the record's own app, or that of the record with which it is shown."""
    for known in permission_pairs():
        if known.method == "visible_to" and isinstance(record, known.model):
            return known.question(user, record)
    rows = type(record)._default_manager
    if hasattr(rows.all(), "visible_to"):
        return bool(rows.visible_to(user).filter(pk=record.pk).exists())
    above = getattr(record, record.seen_with) if record.seen_with else None
    return above is None or _can_see(user, above)
