"""The API against its own description, with inputs nobody thought of."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from factories.everything import World
from hypothesis import HealthCheck, Phase

from wuyou.faces.api.door import description

EXAMPLES = 3
STEADY = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def as_json(value: Any) -> Any:
    """A body as the client sends it; what was left out is nothing."""
    return None if type(value).__name__ == "NotSet" else value


def ask(client: Client, case: Any, at: World) -> int:
    """Send a generated case at a savepoint that is taken back; gives the status."""
    numbers = {**(case.path_parameters or {})}
    if "id" in numbers and not numbers["id"] % 3:  # every third one finds something
        numbers["id"] = at.ids.get(case.operation.path.removeprefix("/api/v1/").partition("/{")[0], 1)
    path = case.operation.path.format(**numbers)
    method = getattr(client, case.method.lower())
    point = transaction.savepoint()
    try:
        if case.method == "GET":
            answer = client.get(path, case.query or {})
        else:
            answer = method(path, as_json(case.body), content_type="application/json", query_params=case.query or {})
    finally:
        transaction.savepoint_rollback(point)
    return int(answer.status_code)


@pytest.mark.slow
def test_no_input_makes_the_api_fall_over(at: World, settings: Any) -> None:
    settings.API_PER_MINUTE = 10**6
    client = Client(raise_request_exception=False)
    client.force_login(at.manager)
    fallen: dict[str, str] = {}
    for found in schemathesis.openapi.from_dict(description()).get_all_operations():
        operation = found.ok()
        if "multipart/form-data" in (operation.definition.raw.get("requestBody") or {}).get("content", {}):
            continue

        @STEADY
        @hypothesis.given(case=operation.as_strategy())
        def once(case: Any) -> None:
            status = ask(client, case, at)
            if status >= 500:
                fallen.setdefault(case.operation.label, repr((case.path_parameters, case.query, case.body))[:300])

        once()
    assert fallen == {}
