"""Codes that were sent go, and secret links in letters that were sent: what stays in the table is in every backup."""

from django.db import migrations

from jirani.notifications.actions import CODE_KINDS, without_links


def forget(apps, schema_editor):
    messages = apps.get_model("notifications", "Message").objects
    messages.filter(kind__in=CODE_KINDS).exclude(state="queued").delete()
    for message in messages.filter(state="sent").only("body").iterator(chunk_size=500):
        body = without_links(message.body)
        if body != message.body:
            message.body = body
            message.save(update_fields=["body"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_alert")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
