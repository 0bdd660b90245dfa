from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('taxonomy', '0001_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='driver',
            name='retired',
            field=models.BooleanField(default=False, verbose_name='retired'),
        ),
        migrations.AddField(
            model_name='theme',
            name='retired',
            field=models.BooleanField(default=False, verbose_name='retired'),
        ),
    ]
