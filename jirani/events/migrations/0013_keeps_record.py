"""Who keeps the record of every session is said on purpose: nobody was, so nobody is by the upgrade."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0012_tidy_names")]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="keeps_record",
            field=models.BooleanField(default=False, verbose_name="keeps the record of every session"),
        ),
    ]
