"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0011_report_waived"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "events",
            {
                "Event": ("title", "place", "reported_attendance"),
                "Session": ("title", "place"),
                "RemovedSession": ("title",),
            },
            people={"Participation": ("entered_name",)},
        ),
    ]
