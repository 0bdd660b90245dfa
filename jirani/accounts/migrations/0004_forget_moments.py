"""Delete what was kept of sign-ins beyond the day: moments, and limits under keys that contained addresses."""

from django.db import migrations


def forget(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    for account in user.objects.filter(last_login__isnull=False).iterator(chunk_size=500):
        user.objects.filter(pk=account.pk).update(last_login=account.last_login)  # the field keeps the day
    schema_editor.execute("DELETE FROM jirani_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_moments_by_day")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
