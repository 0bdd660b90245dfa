"""Room for several addressees of a recommendation."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0009_told'),
        ('lessons', '0007_checks'),
        ('members', '0008_checks'),
        ('taxonomy', '0004_checks'),
    ]

    operations = [
        migrations.AddField(
            model_name='lesson',
            name='addressees',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('cities', 'mayors and cities'), ('national', 'national governments'), ('partners', 'partners and donors'), ('network', 'the network'), ('civil-society', 'civil society'), ('private', 'the private sector'), ('health', 'the health sector'), ('faith', 'faith leaders and communities'), ('education', 'the education sector'), ('youth', 'youth organisations'), ('women', 'women’s organisations'), ('media', 'the media'), ('research', 'researchers'), ('security', 'the security sector'), ('multilateral', 'multilateral organisations')], max_length=16), blank=True, default=list, size=None, verbose_name='addressees'),
        ),
    ]
