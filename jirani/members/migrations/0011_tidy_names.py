"""Names and titles as forms keep them now: on one line, without what came along by pasting."""

from django.db import migrations

from jirani.core.mending import tidying


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_keys_unchecked"),
        ("translation", "0002_words"),
    ]

    operations = [
        tidying(
            "members",
            {
                "Organisation": ("name", "local_name"),
                "Hub": ("name",),
                "LocalAuthority": ("population_source",),
                "Agreement": ("title",),
                "Grant": ("programme", "reference"),
                "Tenure": ("title",),
            },
            people={"Person": ("name",), "Tenure": ("entered_name",), "NetworkRole": ("entered_name",)},
        ),
    ]
