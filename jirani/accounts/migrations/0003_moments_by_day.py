"""Keep only the day of a sign-in, and keep the table of limits out of the database's log."""

from django.db import migrations

import jirani.core.security


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cache_table")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="last_login",
            field=jirani.core.security.DayField(
                blank=True, editable=False, null=True, verbose_name="last sign-in"
            ),
        ),
        # It holds what is over in minutes: after a crash it begins empty, and the write-ahead log does not tell who signed in.
        migrations.RunSQL("ALTER TABLE jirani_cache SET UNLOGGED", "ALTER TABLE jirani_cache SET LOGGED"),
    ]
