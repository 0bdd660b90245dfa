"""Share results no wider than their commitment, and evidence no wider than its outcome; the audit keeps the former values."""

from django.db import migrations

from jirani.core.mending import mending, put

_MODES = "ARRAY['public', 'network', 'closed']::varchar[]"


def _narrowed(model: str, table: str, key: str) -> list[str]:
    above = f"(SELECT a.access FROM {table} a WHERE a.id = r.{key})"  # noqa: S608  (names of ours)
    wider = f"array_position({_MODES}, r.access) < array_position({_MODES}, {above})"
    return put(model, wider, access=above)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0009_rules"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "commitments",
            _narrowed("outcome", "commitments_commitment", "commitment_id"),
            _narrowed("evidence", "commitments_commitment", "commitment_id"),
            _narrowed("evidence", "commitments_outcome", "outcome_id"),
        ),
    ]
