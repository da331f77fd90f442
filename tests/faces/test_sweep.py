"""Every address of the console as a stranger, as a colleague without rights, as staff of another project.

The table below says what a number in an address stands for; a new page that is not in it fails the first test.
"""

import re
import uuid
from collections.abc import Iterator
from functools import cache

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from factories.world import MARK, World, world

from wuyou.config.public_urls import PUBLIC

pytestmark = pytest.mark.django_db

# (start of the name, parameter) → record of tests/factories/world.py, or a plain value
KNOWN: dict[tuple[str, str], object] = {
    ("console:work:task", "pk"): "task",
    ("console:work:verdict", "pk"): "task",
    ("console:work:problem-new", "pk"): "place",
    ("console:work:problem", "pk"): "problem",
    ("console:work:absence", "pk"): "absence",
    ("console:work:disinfection", "pk"): "disinfection",
    ("console:work:refuse", "pk"): "refuse",
    ("console:work:thumb", "pk"): "evidence",
    ("console:work:photo", "pk"): "evidence",
    ("console:work:original", "pk"): "evidence",
    ("console:work:compliance_clause", "pk"): "clause",
    ("console:work:plan_line_new", "pk"): "plan",
    ("console:work:plan_lines", "pk"): "plan",
    ("console:work:plan_line", "pk"): "line",
    ("console:work:plan", "pk"): "plan",
    ("console:work:plan", "project"): "project",
    ("console:work:binding", "pk"): "binding",
    ("console:work:binding", "project"): "project",
    ("console:scan", "code"): "tag",
    ("console:registry:zone", "pk"): "zone",
    ("console:registry:place", "pk"): "place",
    ("console:registry:move_in", "pk"): "room",
    ("console:registry:merge", "pk"): "person",
    ("console:registry:merge", "other"): "other_person",
    ("console:registry:person", "pk"): "person",
    ("console:registry:person", "row"): "occupancy",
    ("console:registry:contractor", "pk"): "contractor",
    ("console:registry:post", "pk"): "post",
    ("console:registry:staff", "pk"): "staff",
    ("console:registry:staff", "row"): "qualification",
    ("console:registry:licence", "pk"): "staff",
    ("console:registry:licence", "row"): "qualification",
    ("console:registry:import", "pk"): "import",
    ("console:assets:", "pk"): "asset",
    ("console:standards:", "pk"): "version",
    ("console:sheets:", "pk"): "sheet_version",
    ("console:contracts:", "pk"): "contract",
    ("console:notification", "pk"): "notification",
    ("console:org:node", "pk"): "node",
    ("console:org:project", "pk"): "project",
    ("console:org:role", "pk"): "role",
    ("console:org:token", "pk"): "token",
    ("console:org:user", "pk"): "user",
    ("console:org:grant", "pk"): "user",
    ("console:org:user", "row"): "assignment",
    ("console:system:webhook", "pk"): "webhook",
    ("console:system:job", "pk"): "job",
    ("console:work:deviat", "pk"): "binding",
    ("console:work:deviate", "clause"): "clause",
    ("console:work:deviation_end", "pk"): "deviation",
    ("console:quality:finding", "pk"): "finding",
    ("console:quality:appeal", "pk"): "appeal",
    ("console:quality:appeal_new", "pk"): "finding",
    ("console:quality:proof", "pk"): "proof",
    ("console:quality:ladder", "pk"): "node",
    ("console:quality:improvement", "pk"): "improvement",
    ("console:quality:measure", "pk"): "measure",
    ("console:quality:proposal", "pk"): "proposal",
    ("console:quality:lesson", "pk"): "lesson",
    ("console:quality:finding-photo", "row"): "finding_photo",
    ("console:quality:finding-thumb", "row"): "finding_photo",
    ("console:quality:finding-new-at", "pk"): "place",
    ("console:quality:finding-of-problem", "pk"): "problem",
    ("console:quality:finding-similar", "pk"): "similar",
    ("console:quality:finding-explain", "pk"): "explanation",
    ("console:quality:finding-extension", "pk"): "extension",
    ("console:quality:campaign", "pk"): "campaign",
    ("console:quality:target", "pk"): "campaign_target",
    ("console:quality:target-guest-dismiss", "row"): "guest",
    ("console:quality:draw", "pk"): "draw",
    ("console:quality:lot-series", "pk"): "series",
    ("console:quality:lot-new", "pk"): "series",
    ("console:quality:lot-judge", "pk"): "lot",
    ("console:standards:standard", "pk"): "standard",
    ("console:standards:clause", "pk"): "clause",
    ("console:standards:grade", "pk"): "grade",
    ("console:sheets:sheet", "pk"): "sheet",
    ("console:quality:inspect", "pk"): "inspection",
    ("console:quality:inspect", "photo"): "inspection_photo",
    ("console:quality:inspection_start", "pk"): "target",
    ("console:quality:inspection_paper", "form"): "paper",
    ("console:appraisal:month", "pk"): "appraisal_period",
    ("console:appraisal:event_new", "pk"): "appraisal_period",
    ("console:appraisal:veto_new", "pk"): "appraisal_period",
    ("console:appraisal:score_new", "pk"): "appraisal_period",
    ("console:appraisal:survey_new", "pk"): "appraisal_period",
    ("console:appraisal:panel_new", "pk"): "appraisal_period",
    ("console:appraisal:event_void", "pk"): "appraisal_event",
    ("console:appraisal:veto_void", "pk"): "appraisal_veto",
    ("console:appraisal:panel", "pk"): "appraisal_panel",
    ("console:appraisal:proof", "pk"): "appraisal_proof",
    ("console:appraisal:panel_sheet", "row"): "appraisal_member",
    ("console:appraisal:enrolment", "pk"): "appraisal_enrolment",
    ("console:appraisal:scheme", "pk"): "appraisal_scheme",
    ("console:appraisal:version", "pk"): "appraisal_scheme_version",
    ("console:appraisal:consequence", "pk"): "appraisal_consequence",
    ("console:appraisal:bond", "pk"): "contract",
    ("console:appraisal:statement", "pk"): "appraisal_statement",
    ("console:appraisal:statement_paper", "form"): "paper",
    ("console:appraisal:letter", "pk"): "appraisal_letter",
}
WORDS = {
    "step": "complete", "verdict": "accept", "kind": "place", "field": "phone", "name": "close", "key": "sweep:1",
    "batch": uuid.UUID(int=7), "code": "registry.buildings", "uidb36": "1", "pk": 1, "row": 1, "place": 1,
    "section": "x", "part": 1, "item": "lamp", "form": "pdf", "level": "city",
}  # fmt: skip
# what belongs to the whole installation, for whoever manages users or the system anywhere
SHARED = {"console:org:role", "console:system:job", "console:system:job_progress"}
# what a person may open without holding any right: their own things
OWN = re.compile(
    r"(account|mfa|usersessions)_|ui:|console:(org:(me|my|account|token|prefer|language)|notif|work:mine$|search)"
)


def _walk(
    resolver: URLResolver, spaces: str = "", given: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        own = tuple(getattr(entry.pattern, "converters", None) or entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{spaces}{entry.namespace}:" if entry.namespace else spaces, (*given, *own))
        elif entry.name:
            yield f"{spaces}{entry.name}", (*given, *own)


@cache
def addresses() -> list[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every address outside the API, which has a sweep of its own."""
    found = dict(_walk(get_resolver()))
    return sorted((name, given) for name, given in found.items() if not name.startswith("api"))


def stands_for(name: str, parameter: str) -> object:
    """What a parameter of an address stands for; the longest matching start of the name wins."""
    fits = [key for key in KNOWN if name.startswith(key[0]) and key[1] == parameter]
    return KNOWN[max(fits, key=lambda key: len(key[0]))] if fits else None


def address(name: str, parameters: tuple[str, ...], made: World) -> str:
    """The address about the marked project's record."""
    given = {}
    for parameter in parameters:
        record = stands_for(name, parameter)
        given[parameter] = made.ids[str(record)] if record else WORDS.get(parameter, "x")
    return reverse(name, kwargs=given)


def test_every_number_in_an_address_is_known():
    lacking = [
        (name, parameter)
        for name, parameters in addresses()
        for parameter in parameters
        if name.startswith("console:")
        and parameter in {"pk", "project", "row", "clause"}
        and not stands_for(name, parameter)
    ]
    assert lacking == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_the_log_in(method):
    made, client, open_doors = world(), Client(), []
    for name, parameters in addresses():
        answer = getattr(client, method)(address(name, parameters, made))
        shut = answer.status_code == 302 and "/accounts/login" in answer["Location"]
        if not shut and name not in PUBLIC and answer.status_code not in {404, 405}:
            open_doors.append((name, answer.status_code))
    assert open_doors == []


@pytest.mark.parametrize("who", ["neighbour", "colleague"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_or_changes_what_is_not_theirs(who, method, client):
    made, leaks = world(), []
    client.force_login(getattr(made, who))
    client.raise_request_exception = False
    for name, parameters in addresses():
        if name in PUBLIC or OWN.match(name):
            continue
        answer = getattr(client, method)(address(name, parameters, made))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if MARK.encode() in body or answer.status_code >= 500:
            leaks.append((name, answer.status_code, "mark" if MARK.encode() in body else "error"))
        if (
            name not in SHARED
            and _is_about_a_record(name, parameters)
            and answer.status_code not in {302, 400, 403, 404, 405, 409, 422}
        ):
            leaks.append((name, answer.status_code, "open"))
    assert leaks == []


def _is_about_a_record(name: str, parameters: tuple[str, ...]) -> bool:
    return any(stands_for(name, parameter) for parameter in parameters)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_may_sees_every_page(language, client):
    made, broken = world(), []
    made.insider.language = language
    made.insider.save()
    client.force_login(made.insider)
    client.raise_request_exception = False
    for name, parameters in addresses():
        if name.startswith("console:"):
            answer = client.get(address(name, parameters, made))
            if answer.status_code not in {200, 204, 302, 403, 404, 405, 409}:
                broken.append((name, answer.status_code))
    assert broken == []
