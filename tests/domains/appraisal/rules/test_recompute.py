"""Whatever the scheme and the month, the tree alone gives the same numbers, band and money (reference/explain.md)."""

import json

from explained import value_of
from factories.random_schemes import documents, months
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuyou.domains.appraisal.rules.outcome import evaluate
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.validation import Known, check
from wuyou.kernel.explain import from_json, to_json

KNOWN = Known({"known": "up"}, {"known": ()})


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_month_is_recomputed_from_its_tree(data):
    scheme = parse_scheme(data.draw(documents()))
    check(scheme, KNOWN)
    result = evaluate(scheme, data.draw(months(scheme)))
    said = json.loads(json.dumps(to_json(result.tree)))
    found = value_of(said)
    assert (None if result.points is None else result.points) == found
    assert said["detail"]["band"] == result.band
    assert from_json(said) == result.tree
    money = [int(node["value"]) for node in every(said) if node["op"] == "money"]
    assert money == [due.amount_fen for due in result.dues if due.amount_fen is not None]
    assert all(amount >= 0 for amount in money)


def every(node):
    yield node
    for child in node.get("inputs", []):
        yield from every(child)
