"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0007_activity_within_plan"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "plans",
            {
                "ActionPlan": ("title",),
                "Pillar": ("title",),
                "Objective": ("title",),
                "Activity": ("title", "funding_source"),
                "Indicator": ("title", "unit", "baseline", "target"),
            },

        ),
    ]
