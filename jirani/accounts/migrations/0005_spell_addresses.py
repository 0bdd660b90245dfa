"""Addresses in their one spelling, for accounts that were there before. One that is another account's already stays as it is."""

from django.db import migrations

from jirani.language import normal_address


def spell_addresses(apps, schema_editor):
    users = apps.get_model("accounts", "User")
    for row in users.objects.only("pk", "email"):
        address = normal_address(row.email)
        if address != row.email and not users.objects.exclude(pk=row.pk).filter(email__iexact=address).exists():
            users.objects.filter(pk=row.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_forget_moments")]

    operations = [migrations.RunPython(spell_addresses, migrations.RunPython.noop)]
