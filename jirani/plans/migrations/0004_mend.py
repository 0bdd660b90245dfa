"""Mend what the checks of the next migration would refuse; what is taken from a record stands in the audit."""

from django.db import migrations

from jirani.core.mending import day, mending, near, precise, put, text, word


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0003_illustrative_parts"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "plans",
            text("actionplan", "language", "title"),
            word("actionplan", "access", "public network", "closed"),
            word("actionplan", "state", "adopted closed", "draft"),
            day("actionplan", "from_on", unknown="from_precision"),
            precise("actionplan", "from_on", "from_precision"),
            day("actionplan", "until_on", unknown="until_precision"),
            precise("actionplan", "until_on", "until_precision"),
            text("pillar", "language", "title"),
            text("objective", "language", "title"),
            text("activity", "language", "title"),
            put("activity", "r.status = 'dropped' AND r.dropped_because !~ '\\S'", kept=False, dropped_because="'…'"),
            day("activity", "from_on"),
            day("activity", "until_on"),
            put("activity", "r.budget < 0", budget="NULL"),
            put(
                "activity",
                "r.currency <> '' AND r.currency !~ '^[A-Z]{3}$'",
                currency="CASE WHEN upper(trim(r.currency)) ~ '^[A-Z]{3}$' THEN upper(trim(r.currency)) ELSE '' END",
                budget="CASE WHEN upper(trim(r.currency)) ~ '^[A-Z]{3}$' THEN r.budget END",
            ),
            put("activity", "r.co_lead_id = r.lead_id", co_lead_id="NULL"),
            text("indicator", "language", "title"),
            word("indicator", "kind", "quantitative", "qualitative"),
            text("measurement", "language"),
            near("measurement", "measured_on"),
        ),
    ]
