"""Mend what the checks of the next migration would refuse; what is taken from a record stands in the audit."""

from django.db import migrations

from jirani.core.mending import day, mending, near, precise, put, text, word


class Migration(migrations.Migration):
    dependencies = [
        ("forums", "0003_entered"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "forums",
            text("forum", "language", "name"),
            word("forum", "access", "public network", "closed"),
            day("forum", "formed_on", unknown="formed_precision"),
            precise("forum", "formed_on", "formed_precision"),
            # Of what a person holds nothing is kept elsewhere, where nobody would forget it; and nobody comes to hold more than before.
            word("seat", "role", "co-chair secretary", "member", kept=False),
            word("seat", "sector", "local-government national-government civil-society private health faith education youth women media research security multilateral", "", kept=False),
            near("seat", "from_on", "until_on", kept=False),
            put("seat", "r.until_on < r.from_on", kept=False, from_on="r.until_on"),
            put(
                "seat",
                "r.until_on IS NULL AND r.person_id IS NOT NULL AND EXISTS (SELECT FROM {app}_seat o WHERE o.until_on IS NULL AND o.id < r.id "
                "AND o.forum_id IS NOT DISTINCT FROM r.forum_id AND o.organisation_id IS NOT DISTINCT FROM r.organisation_id AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.role IS NOT DISTINCT FROM r.role)",
                kept=False,
                until_on="GREATEST(r.from_on, CURRENT_DATE - 1)",
            ),
            text("workinggroup", "language", "name"),
            text("meeting", "language", "title"),
            word("meeting", "access", "public network", "closed"),
            near("meeting", "held_on"),
            word("attendance", "sector", "local-government national-government civil-society private health faith education youth women media research security multilateral", "", kept=False),
            text("decision", "language", "text"),
            text("priority", "language"),
            word("priority", "access", "public network", "closed"),
            word("priority", "method", "plan needs-assessment", "vote"),
            day("priority", "from_on"),
            day("priority", "until_on"),
        ),
    ]
