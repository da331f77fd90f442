"""Who gets which line."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.work.rules.assigning import Job, Worker, assign, crew_of

CLEANERS = [
    Worker(1, "环境", "保洁员", frozenset({1})),
    Worker(2, "环境", "保洁员", frozenset({1})),
    Worker(3, "环境", "保洁员", frozenset({2})),
]
COLLECTOR = Worker(4, "环境", "垃圾清运员")
ELECTRICIAN = Worker(5, "工程", "电工", licences=frozenset({"电工证"}))
PLUMBER = Worker(6, "工程", "水暖维修工")
ALL = [*CLEANERS, COLLECTOR, ELECTRICIAN, PLUMBER]


def job(key: str, **given: object) -> Job:
    values = {"team": "环境", "jobs": ("保洁员",), "spot": key, "minutes": Decimal(10), "per_year": Decimal(365)}
    return Job(key, **(values | given))


def who(*jobs: Job) -> dict[str, int | None]:
    return assign(jobs, ALL).staff


def test_work_is_shared_evenly_within_the_zone() -> None:
    found = who(
        job("a", zone_id=1, minutes=Decimal(30)),
        job("b", zone_id=1, minutes=Decimal(20)),
        job("c", zone_id=1, minutes=Decimal(15)),
        job("d", zone_id=2),
    )
    assert found == {"a": 1, "b": 2, "c": 2, "d": 3}


def test_what_is_done_at_one_spot_stays_in_one_hand() -> None:
    jobs = [job(name, zone_id=1, spot="stairs" if name in "ab" else name) for name in "abc"]
    found = who(*jobs)
    assert found["a"] == found["b"] != found["c"]


def test_the_owner_of_the_zone_and_whoever_had_it_go_first() -> None:
    assert who(job("a", zone_id=1, owner_id=2), job("b", zone_id=1, owner_id=2, spot="x")) == {"a": 2, "b": 2}
    assert who(job("a", zone_id=1, owner_id=2, keeper_id=1)) == {"a": 1}
    assert who(job("a", zone_id=1, keeper_id=99)) == {"a": 1}  # has left


def test_the_first_job_somebody_has_takes_it() -> None:
    assert who(job("a", jobs=("高空作业员", "垃圾清运员"))) == {"a": 4}


def test_without_the_job_the_whole_team_shares() -> None:
    found = who(*(job(name, jobs=("绿化工",)) for name in "abcd"))
    assert set(found.values()) == {4}  # the only one who is not tied to a zone


def test_everybody_is_tied_to_zones() -> None:
    assert assign([job("a", zone_id=3)], CLEANERS).staff == {"a": 1}


def test_a_licence_is_demanded() -> None:
    lamps = job("a", team="工程", jobs=("水暖维修工", "电工"), qualification="电工证")
    found = assign([lamps, job("b", team="工程", jobs=("电工",), qualification="电工证")], ALL)
    assert found.staff == {"a": None, "b": 5}
    assert found.unlicensed == ("a",)


def test_a_team_without_people_is_not_a_matter_of_licences() -> None:
    found = assign([job("a", team="绿化", qualification="证")], ALL)
    assert (found.staff, found.unlicensed) == ({"a": None}, ())


def test_what_comes_round_the_clock_belongs_to_the_team() -> None:
    assert who(job("a", per_year=Decimal(2922))) == {"a": None}


def test_crews() -> None:
    assert crew_of(ALL, team="环境", jobs=("绿化工", "保洁员")) == "环境/保洁员"
    assert crew_of(ALL, team="环境", jobs=("绿化工",)) == "环境"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60)), max_size=40))
def test_shares_differ_by_no_more_than_the_largest_bundle(given: list[tuple[int, int]]) -> None:
    jobs = [job(str(n), zone_id=1, minutes=Decimal(minutes), spot=f"{n}") for n, (_spot, minutes) in enumerate(given)]
    found = assign(jobs, CLEANERS).staff
    loads = {1: Decimal(0), 2: Decimal(0)}
    for one in jobs:
        loads[found[one.key] or 0] += one.minutes
    assert abs(loads[1] - loads[2]) <= max((one.minutes for one in jobs), default=Decimal(0))
    assert assign(list(reversed(jobs)), CLEANERS).staff == found
