"""The full-text engine of the database in use; the statements are in wuyou.kernel.search.engine, beside their queries."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wuyou.kernel.search import engine


def build(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index and what keeps it in step."""
    statements = engine.POSTGRESQL_UP if editor.connection.vendor == "postgresql" else engine.SQLITE_UP
    for statement in statements:
        editor.execute(statement)


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    statements = engine.POSTGRESQL_DOWN if editor.connection.vendor == "postgresql" else engine.SQLITE_DOWN
    for statement in statements:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(build, remove)]
