"""Mend what the checks of the next migration would refuse; what is taken from a record stands in the audit."""

from django.db import migrations

from jirani.core.mending import day, drop, mending, near, none_of, put, text, word


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0006_outcome_latest"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "commitments",
            text("commitment", "language", "title"),
            word("commitment", "access", "public network", "closed"),
            put("commitment", "r.status = 'dropped' AND r.dropped_because !~ '\\S'", kept=False, dropped_because="'…'"),
            day("commitment", "made_on"),
            day("commitment", "due_on"),
            put("commitment", "r.due_on < r.made_on", due_on="NULL"),
            word("commitment", "transfer_step", "adapt re-use", "understand"),
            text("milestone", "language", "title"),
            day("milestone", "due_on"),
            day("milestone", "done_on"),
            text("adaptation", "language", "why"),
            text("followup", "language"),
            # Of two sides, and both are asked already.
            drop("followup", none_of("side", "government civil-society"), "months", "side", "completion", "words"),
            near("followup", "due_on"),
            near("followup", "answered_on"),
            word("followup", "completion", "no-evidence not-started limited substantial complete", ""),
            near("followup", "reminded_on"),
            text("outcome", "language", "change"),
            word("outcome", "access", "public network", "closed"),
            day("outcome", "observed_on"),
            text("evidence", "language", "title"),
        ),
    ]
