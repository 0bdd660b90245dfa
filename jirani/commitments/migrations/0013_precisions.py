"""How exactly it is known when a commitment was made, and an outcome observed."""

from django.db import migrations, models

_CHOICES = [
    ("day", "day"),
    ("month", "month"),
    ("year", "year"),
    ("inferred", "day, its year inferred"),
    ("unknown", "unknown"),
]


class Migration(migrations.Migration):
    dependencies = [("commitments", "0012_tidy_names")]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="made_precision",
            field=models.CharField(choices=_CHOICES, default="unknown", max_length=8),
        ),
        migrations.AddField(
            model_name="outcome",
            name="observed_precision",
            field=models.CharField(choices=_CHOICES, default="unknown", max_length=8),
        ),
    ]
