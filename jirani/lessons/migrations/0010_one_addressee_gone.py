"""What held one addressee goes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("lessons", "0009_addressees_filled"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='lesson',
            name='lesson_addressee_where_due',
        ),
        migrations.RemoveConstraint(
            model_name='lesson',
            name='lesson_recommendation_has_addressee',
        ),
        migrations.RemoveConstraint(
            model_name='lesson',
            name='lesson_addressee_known',
        ),
        migrations.RemoveField(
            model_name='lesson',
            name='addressee',
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'recommendation'), ('addressees', []), _connector='OR'), name='lesson_addressees_where_due'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'recommendation'), ('state', 'published'), _negated=True), models.Q(('addressees', []), _negated=True), _connector='OR'), name='lesson_recommendation_has_addressees'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('addressees__contained_by', ['cities', 'national', 'partners', 'network', 'civil-society', 'private', 'health', 'faith', 'education', 'youth', 'women', 'media', 'research', 'security', 'multilateral'])), name='lesson_addressees_known'),
        ),
    ]
