"""Sessions are signed otherwise now, so those from before open nothing: they go at once, and not one by one with a line in the log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_factors_by_day"), ("sessions", "0001_initial")]

    operations = [migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop, elidable=True)]
