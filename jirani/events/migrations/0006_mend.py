"""Mend what the checks of the next migration would refuse; what is taken from a record stands in the audit."""

from django.db import migrations

from jirani.core.mending import day, drop, mending, near, none_of, put, text, word


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_hours_and_sequences"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "events",
            text("event", "language", "title"),
            word("event", "access", "public network", "closed"),
            word("event", "state", "published cancelled", "draft"),
            near("event", "starts_on", "ends_on"),
            put("event", "r.ends_on - r.starts_on > 366", ends_on="r.starts_on"),
            word("event", "date_precision", "month year by by-month inferred unknown", "day"),
            day("event", "rearranged_on"),
            text("session", "language", "title"),
            word("session", "access", "public network", "closed"),
            day("session", "held_on"),
            word("participation", "sector", "local-government national-government civil-society private health faith education youth women media research security multilateral", "", kept=False),
            word("participation", "declined_from", "invited applied confirmed waitlisted declined cancelled attended", "", kept=False),
            # A part of which nobody can say what it is.
            drop("sessionpart", none_of("role", "delegate speaker moderator rapporteur interpreter observer organiser")),
        ),
    ]
