"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0011_rules"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "lessons",
            {
                "Lesson": ("title", "cost", "staff", "mandate", "time_needed"),
            },

        ),
    ]
