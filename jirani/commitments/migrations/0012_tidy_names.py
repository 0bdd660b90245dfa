"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0011_rules_of_access"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "commitments",
            {
                "Commitment": ("title", "lead"),
                "Milestone": ("title",),
                "Evidence": ("title",),
            },

        ),
    ]
