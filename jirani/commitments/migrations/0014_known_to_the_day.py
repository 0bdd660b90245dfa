"""Dates that were entered before precision existed were entered to the day."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("commitments", "0013_precisions")]

    operations = [
        migrations.RunSQL(
            [
                "UPDATE commitments_commitment SET made_precision = 'day' WHERE made_on IS NOT NULL",
                "UPDATE commitments_outcome SET observed_precision = 'day' WHERE observed_on IS NOT NULL",
            ],
            migrations.RunSQL.noop,
        ),
    ]
