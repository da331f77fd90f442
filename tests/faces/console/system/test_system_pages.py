"""Jobs, journal, messages, webhooks, settings."""

import pytest
from django.urls import reverse
from faces.console.estates import Estate
from faces.console.pages import PageTest

from wuyou.domains.org.actions import change_node
from wuyou.kernel import jobs
from wuyou.kernel.jobs.choices import State
from wuyou.kernel.jobs.models import Job

S = "console:system:"


class TestSystem(PageTest):
    pages = {
        f"{S}jobs": lambda e: [],
        f"{S}journal": lambda e: [],
        f"{S}outbox": lambda e: [],
        f"{S}webhooks": lambda e: [],
        f"{S}webhook_new": lambda e: [],
        f"{S}settings": lambda e: [],
    }


@pytest.fixture
def estate(db) -> Estate:
    return Estate()


def dead_job() -> Job:
    pk = jobs.enqueue("registry.warn_expiring", project_id=1)
    Job.objects.filter(pk=pk).update(state=State.DEAD, error="Traceback\nValueError: no")
    return Job.objects.get(pk=pk)


def test_a_job_given_up_is_started_again(estate):
    job = dead_job()
    assert estate.web.get(reverse(f"{S}job", args=[job.pk])).status_code == 200
    estate.web.post(reverse(f"{S}job_step", args=[job.pk, "retry"]))
    job.refresh_from_db()
    assert job.state == State.WAITING
    estate.web.post(reverse(f"{S}job_step", args=[job.pk, "cancel"]))
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_jobs_are_the_administrators_business(estate):
    job = dead_job()
    from faces.console.estates import browser_of
    from factories.org import UserFactory

    answer = browser_of(UserFactory()).post(reverse(f"{S}job_step", args=[job.pk, "retry"]))
    job.refresh_from_db()
    assert (answer.status_code, job.state) == (403, State.DEAD)


def test_the_journal_tells_what_changed_and_verifies(estate):
    change_node(estate.project.node, name="新名", by=estate.lord)
    chain = f"project:{estate.project.pk}"
    page = estate.web.get(reverse(f"{S}journal"), {"chain": f"node:{estate.root.pk}"})
    assert page.status_code == 200
    every = [estate.web.get(reverse(f"{S}journal"), {"chain": one}).text for one in (chain, f"node:{estate.root.pk}")]
    assert any("新名" in text for text in every)
    answer = estate.web.post(reverse(f"{S}verify"), {"chain": f"node:{estate.root.pk}"})
    assert answer.context["verdict"].is_intact


def test_another_chain_is_not_shown(estate):
    other = Estate(code="YX")
    assert estate.web.get(reverse(f"{S}journal"), {"chain": f"project:{other.project.pk}"}).status_code == 404


def test_a_webhook_is_added_and_switched_off(estate, settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    given = {"node": estate.root.pk, "url": "https://127.0.0.1/hook", "events": ["task.done"]}
    answer = estate.web.post(reverse(f"{S}webhook_new"), given)
    endpoint = estate.root.webhooks.get()
    assert answer["Location"] == reverse(f"{S}webhook", args=[endpoint.pk])
    assert endpoint.secret in estate.web.get(answer["Location"]).text
    estate.web.post(reverse(f"{S}webhook_disable", args=[endpoint.pk]))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
