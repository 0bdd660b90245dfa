"""Names as they are compared, and addresses in their one spelling, for what was there before.

An address whose spelling is another person's already stays as it is: two people may stand behind the two.
"""

from django.db import migrations

from jirani.language import name_key, normal_address


def fill_name_keys(apps, schema_editor):
    organisations = apps.get_model("members", "Organisation")
    rows = list(organisations.objects.only("pk", "name", "local_name"))
    for row in rows:
        row.name_key, row.local_name_key = name_key(row.name)[:400], name_key(row.local_name)[:400]
    organisations.objects.bulk_update(rows, ["name_key", "local_name_key"], batch_size=500)


def spell_addresses(apps, schema_editor):
    people = apps.get_model("members", "Person")
    for row in people.objects.exclude(email="").only("pk", "email"):
        address = normal_address(row.email)
        if address != row.email and not people.objects.exclude(pk=row.pk).filter(email__iexact=address).exists():
            people.objects.filter(pk=row.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [("members", "0005_name_keys")]

    operations = [
        migrations.RunPython(fill_name_keys, migrations.RunPython.noop),
        migrations.RunPython(spell_addresses, migrations.RunPython.noop),
    ]
