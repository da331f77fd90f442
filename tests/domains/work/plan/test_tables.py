"""The tables that ship: whole, and nothing a check that passes for an emptying."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import translation

from wuyou.domains import standards
from wuyou.domains.work import tables
from wuyou.domains.work.rules.strictness import read

LIBRARY = Path(standards.__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (LIBRARY / name).open(encoding="utf8") as file:
        return list(csv.DictReader(file))


def test_every_activity_of_the_library_has_a_name_and_a_job() -> None:
    ours = tables.activities()
    asked = {row["activity"] for row in rows("subjects.csv") if row["unit"] not in {"ticket", "event"}}
    asked |= {recipe.activity for recipe in tables.statutory_recipes().values()}
    asked |= {activity for row in tables.refinements() for activity in row.becomes}
    assert sorted(asked - set(ours) - {"transport"}) == []
    assert all(one.label_zh and one.label_en and one.jobs for one in ours.values())


def test_every_scheduled_statutory_duty_says_on_what_it_is_done() -> None:
    scheduled = [row for row in rows("statutory.csv") if row["kind"] in {"cadence", "cond", "posts"}]
    known = tables.statutory_recipes()
    assert [row["code"] for row in scheduled if row["code"] not in known] == []
    for row in scheduled:
        recipe = known[row["code"]]
        assert recipe.place_kinds or recipe.asset_kinds or recipe.levels or recipe.unit == "project", row["code"]
        if row["law"].startswith(("years", "1/1 y in other")):
            assert recipe.anchor in {"accepted_on", "made_on"}


def test_covering_goes_one_way() -> None:
    covers = tables.covers()
    for weaker, stronger in covers.items():
        assert weaker not in stronger
        for one in stronger:
            assert weaker not in covers or one not in covers or weaker not in covers[one]
            assert covers.get(one, frozenset()) <= stronger, f"{one} is covered by more than {weaker} knows"


@pytest.mark.parametrize(
    "name", ["residential-2004.csv", "residential-public-3.csv", "hotel-style.csv", "statutory.csv"]
)
def test_every_frequency_of_the_library_can_be_read(name: str) -> None:
    grades = {"g1", "g2", "g3", "premium", "law"}
    for row in rows(name):
        for grade in grades & set(row):
            if row["kind"] == "cadence" and row[grade] not in {"", "-"}:
                assert read(row[grade], window=row["window"]) is not None, row["code"]


def test_clauses_of_one_standard_on_one_subject_become_different_activities() -> None:
    """Otherwise only the order of strictness would tell an emptying from a check."""
    by_name = {row["subject"]: row["activity"] for row in rows("subjects.csv")}
    twins = []
    for name in ("residential-2004.csv", "residential-public-3.csv", "hotel-style.csv"):
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows(name):
            if row["kind"] == "cadence":
                found[row["subject"], refined(by_name[row["subject"]], row)].append(row["code"])
        twins += [codes for codes in found.values() if len(codes) > 1]
    assert twins == []


def refined(activity: str, row: dict[str, str]) -> str:
    for one in tables.refinements():
        same_subject = not one.subject or one.subject == row["subject"]
        if one.activity == activity and same_subject and one.word in row["requirement_zh"]:
            return one.becomes[0]
    return activity


def test_labels_follow_the_language() -> None:
    with translation.override("zh-hans"):
        assert tables.activity_label("sweep") == "清扫"
    with translation.override("en"):
        assert tables.activity_label("sweep") == "Sweep"
    with translation.override(None):
        assert tables.activity_label("sweep") == "Sweep"
    assert tables.activity_label("our_own") == "our_own"
    assert tables.jobs_of("our_own") == ()
    assert tables.jobs_of("refuse_collect") == ("垃圾清运员",)
