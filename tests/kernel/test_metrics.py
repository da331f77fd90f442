"""The metric registry."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from wuyou.kernel import metrics

ON_TIME = metrics.Metric(
    code="test.on_time",
    name="Done on time",
    unit="%",
    direction="up",
    formula="tasks done before they were due ÷ tasks due",
    source="work.Task",
    grain="project × day",
    owner="quality_centre",
)


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Leave the registry as it was."""
    yield
    metrics.forget("test.on_time")
    metrics.forget("test.late")


def test_a_registered_metric_is_found() -> None:
    assert metrics.register(ON_TIME) is ON_TIME
    assert metrics.get("test.on_time") is ON_TIME


def test_all_are_listed_by_code() -> None:
    metrics.register(ON_TIME)
    metrics.register(replace(ON_TIME, code="test.late", direction="down"))
    ours = [one.code for one in metrics.all_metrics() if one.code.startswith("test.")]
    assert ours == ["test.late", "test.on_time"]


def test_a_code_is_taken_once() -> None:
    metrics.register(ON_TIME)
    with pytest.raises(ValueError, match="declared twice"):
        metrics.register(replace(ON_TIME, name="Another"))
    assert metrics.get("test.on_time").name == "Done on time"


def test_a_direction_is_up_or_down() -> None:
    with pytest.raises(ValueError, match="neither up nor down"):
        metrics.register(replace(ON_TIME, direction="sideways"))


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(LookupError, match=r"test\.on_time"):
        metrics.get("test.on_time")
