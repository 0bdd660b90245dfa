"""The one addressee of a recommendation becomes the first of several."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("lessons", "0008_addressees"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE lessons_lesson SET addressees = ARRAY[addressee] WHERE addressee <> ''",
            "UPDATE lessons_lesson SET addressee = addressees[1] WHERE addressees <> '{}'",
        ),
    ]
