"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("forums", "0006_rules"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "forums",
            {
                "Forum": ("name",),
                "WorkingGroup": ("name",),
                "Meeting": ("title",),
            },
            people={"Seat": ("entered_name",)},
        ),
    ]
