"""The table of the shared cache: sign-in is throttled in it, so it must stand wherever the users do."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False)]
