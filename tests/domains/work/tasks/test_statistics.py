"""SQLite learns how the tables are filled; PostgreSQL needs no telling."""

import pytest
from django.db import connection
from factories.tasks import site, task

from wuyou.domains.work.tasks import take_statistics


@pytest.mark.django_db
def test_indexes_of_tasks_are_known_to_the_planner():
    task(site())
    take_statistics()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'work_task'")
            assert ("task_due",) in cursor.fetchall()
