from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="rearranged_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="dates, place or hours last changed"
            ),
        ),
    ]
