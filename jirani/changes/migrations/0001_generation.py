"""The rows whose sum is the generation. Written by triggers and by nobody else, so there is no model."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            [
                "CREATE TABLE changes_generation (raised bigint NOT NULL DEFAULT 1)",
                "CREATE INDEX changes_generation_order ON changes_generation (raised)",  # to lay it anew by (CLUSTER)
            ],
            "DROP TABLE changes_generation",
        ),
    ]
