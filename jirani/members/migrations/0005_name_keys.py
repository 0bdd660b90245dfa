from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_entered")]

    operations = [
        migrations.AddField("organisation", "name_key", models.CharField(db_index=True, default="", editable=False, max_length=400), preserve_default=False),
        migrations.AddField("organisation", "local_name_key", models.CharField(blank=True, db_index=True, default="", editable=False, max_length=400), preserve_default=False),
    ]
