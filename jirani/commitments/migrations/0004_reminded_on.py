from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0003_own_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="reminded_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="people who may answer were written to"
            ),
        ),
    ]
