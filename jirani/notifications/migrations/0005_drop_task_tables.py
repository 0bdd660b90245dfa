"""The tables of django-tasks-db go with it. What waited there (Wagtail's own: an index, a file to delete) is done first."""

import json
import logging

from django.db import migrations, transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

TABLE = "django_tasks_database_dbtaskresult"


def finish(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT task_path, args_kwargs FROM {TABLE} WHERE status IN ('READY', 'RUNNING') ORDER BY enqueued_at")
        waiting = cursor.fetchall()
    for path, given in waiting:
        try:
            with transaction.atomic():
                given = json.loads(given) if isinstance(given, str) else given
                import_string(path).call(*given["args"], **given["kwargs"])
        except Exception as error:
            logger.warning("%s could not be done any more: %s", path, type(error).__name__)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_nothing_of_codes"),
        ("wagtailcore", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(finish, migrations.RunPython.noop),
        migrations.RunSQL(f"DROP TABLE IF EXISTS {TABLE}", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            DELETE FROM auth_permission WHERE content_type_id IN (
                SELECT id FROM django_content_type WHERE app_label = 'django_tasks_database'
            );
            DELETE FROM django_content_type WHERE app_label = 'django_tasks_database';
            DELETE FROM django_migrations WHERE app = 'django_tasks_database';
            """,
            migrations.RunSQL.noop,
        ),
    ]
