"""Background entry points of the register."""

import datetime as dt
import json

import pytest
from factories.org import ProjectFactory, user_with
from factories.registry import QualificationFactory, TeamFactory

from wuyou.domains.registry import tasks
from wuyou.domains.registry.apps import load_shipped
from wuyou.domains.registry.models import QualificationKind
from wuyou.kernel import notify
from wuyou.kernel.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]


def test_each_open_project_is_looked_at_in_the_morning() -> None:
    project = ProjectFactory()
    ProjectFactory(closed_on=dt.date(2026, 1, 1))
    tasks.warn_expiring_all()
    assert [json.loads(row.args) for row in Job.objects.filter(name="registry.warn_expiring")] == [
        {"project_id": project.pk}
    ]


def test_a_project_is_warned() -> None:
    team = TeamFactory()
    chief = user_with("registry.manage_staff", at=team.project)
    QualificationFactory(staff__team=team, valid_to=dt.date(2026, 11, 25))
    tasks.warn_project(team.project_id)
    assert notify.unread_count(chief.pk) == 1


def test_shipped_licences_are_loaded_into_this_database_only() -> None:
    QualificationKind.objects.filter(code="guard").delete()
    load_shipped("other")
    assert QualificationKind.objects.filter(code="guard").exists() is False
    load_shipped("default")
    assert QualificationKind.objects.filter(code="guard").exists() is True
