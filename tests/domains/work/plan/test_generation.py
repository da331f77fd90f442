"""Generating obligations: exact, idempotent, catching up, safe with two workers and with a killed one."""

import datetime as dt
import itertools
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from factories.work import BY, Estate, bound, estate, published
from kernel.jobs.effects import ROOT, database_url

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.standards.models import Subject
from wuyou.domains.work import events
from wuyou.domains.work.actions.binding import end_binding
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.generation import generate, generate_plan, is_behind
from wuyou.domains.work.models import Plan, Schedule, StaleDay, Task, Window
from wuyou.domains.work.windows import day_of, ensure_windows, period_of
from wuyou.kernel import clock, jobs, journal
from wuyou.kernel.clocks.calendars import load_calendar
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.journal.models import Entry

TODAY = dt.date(2026, 11, 20)  # a Friday


def until(days: int) -> dt.datetime:
    return clock.midnight(TODAY + dt.timedelta(days=days))


def rows() -> list[tuple[object, ...]]:
    return list(Task.objects.order_by("line", "opens", "seq").values_list("line", "opens", "due", "seq"))


@pytest.fixture
def site(moment: dt.datetime) -> Estate:
    return estate()


@pytest.mark.django_db
class TestWhatIsMade:
    """One after the other, in a transaction of the test."""

    def test_a_task_has_everything_of_its_line_and_window(self, site: Estate) -> None:
        bound(site, sweep="1/1 d; 06:00-08:00")
        plan = published(site)
        heard: list[int] = []
        receiver = lambda count, **_given: heard.append(count)  # noqa: E731
        events.tasks_generated.connect(receiver)
        assert generate(site.project, until=until(1), by=BY) == 3
        assert heard == [3]
        line = plan.lines.order_by("id")[0]
        task = Task.objects.get(line=line)
        for name in ("project", "title", "activity", "clause", "place", "asset", "zone", "team", "assignee", "minutes"):
            assert getattr(task, name) == getattr(line, name), name
        for name in ("evidence", "qualification", "sheet_version"):
            assert getattr(task, name) == getattr(line, name), name
        day = until(0)
        assert (task.opens, task.due) == (day + dt.timedelta(hours=6), day + dt.timedelta(hours=8))
        assert (task.day, task.seq, task.state, task.result, task.review) == (TODAY, 1, "open", "", "")
        assert (task.evidence_count, task.rejections, task.note, task.client_id) == (0, 0, "", None)
        assert (task.done_by, task.done_at, task.skip_reason) == (None, None, "")

    @pytest.mark.parametrize(
        ("cadence", "expected"),
        [
            ("2/1 w", [("11-23", "11-29", 1), ("11-23", "11-29", 2)]),
            # the window under way is owed when at least half of it is left
            ("1/3 d", [("11-19", "11-21", 1), ("11-22", "11-24", 1), ("11-25", "11-27", 1), ("11-28", "11-30", 1)]),
            ("1/0.5 m", [("11-16", "11-30", 1)]),
            ("1/1 m", []),
            ("1/1 w; on mon", [("11-23", "11-23", 1)]),
        ],
    )
    def test_windows_are_exact(self, site: Estate, cadence: str, expected: list[tuple[str, str, int]]) -> None:
        bound(site, sweep=cadence)
        plan = published(site)
        generate(site.project, until=until(9), by=BY)
        found = Task.objects.filter(line=plan.lines.first()).order_by("opens", "seq")
        assert [(f"{clock.local(t.opens):%m-%d}", f"{t.day:%m-%d}", t.seq) for t in found] == expected

    def test_again_makes_nothing(self, site: Estate) -> None:
        bound(site, sweep="1/3 h", mop="1/1 d")
        plan = published(site)
        assert generate(site.project, until=until(2), by=BY) == 3 * (8 + 1) * 2
        before, entries = rows(), Entry.objects.count()
        assert generate(site.project, until=until(2), by=BY) == 0
        assert generate(site.project, until=until(1), by=BY) == 0
        Plan.objects.filter(pk=plan.pk).update(generated_until=None)  # even if the mark were lost
        assert generate(site.project, until=until(2), by=BY) == 0
        assert (rows(), Entry.objects.count()) == (before, entries)

    def test_steps_give_what_one_step_gives(self, site: Estate) -> None:
        values = {"sweep": "1/3 d", "mop": "2/1 w", "wax": "1/5 h", "drain": "1/15 d"}
        bound(site, **values)
        published(site)
        for days in (1, 2, 5, 6, 13, 40):
            generate(site.project, until=until(days), by=BY)
        stepwise = Task.objects.order_by("activity", "place__path", "opens", "seq")
        shapes = list(stepwise.values_list("activity", "opens", "due", "day", "seq"))
        other = estate()
        bound(other, **values)
        published(other)
        generate(other.project, until=until(40), by=BY)
        at_once = Task.objects.filter(project=other.project).order_by("activity", "place__path", "opens", "seq")
        assert list(at_once.values_list("activity", "opens", "due", "day", "seq")) == shapes
        assert len(shapes) > 500

    def test_after_downtime_nothing_is_missed_and_late_is_late(self, site: Estate) -> None:
        bound(site, sweep="1/1 d")
        published(site)
        generate(site.project, until=until(1), by=BY)
        with clock.at(until(200)):
            target = until(210)
            counts = []
            while is_behind(site.project, until=target):
                counts.append(generate(site.project, until=target, by=BY))
        assert counts == [3 * 92, 3 * 92, 3 * 25]
        assert sorted(set(Task.objects.values_list("day", flat=True))) == [
            TODAY + dt.timedelta(days=n) for n in range(210)
        ]
        assert Task.objects.filter(due__lte=until(200)).count() == 600

    def test_a_project_without_a_plan_in_force_has_nothing_to_make(self, site: Estate) -> None:
        bound(site, sweep="1/1 d")
        assert generate(site.project, until=until(9), by=BY) == 0
        assert is_behind(site.project, until=until(9)) is False
        published(site, effective_from=TODAY + dt.timedelta(days=20))
        assert is_behind(site.project, until=until(9)) is False
        assert generate(site.project, until=until(9), by=BY) == 0
        assert generate(site.project, until=until(21), by=BY) == 3

    def test_a_draft_is_never_generated(self, site: Estate) -> None:
        with pytest.raises(ValueError, match="never published"):
            generate_plan(Plan(project=site.project, number=1, pk=7), until=until(1), by=BY)

    def test_a_batch_is_one_entry_with_a_digest_of_its_rows(self, site: Estate) -> None:
        bound(site, sweep="1/1 d")
        plan = published(site)
        generate(site.project, until=until(2), by=BY)
        generate(site.project, until=until(3), by=BY)
        first, second = Entry.objects.filter(verb="work.tasks_generated").order_by("seq")
        assert '"count":6' in first.data
        assert '"count":3' in second.data
        sql = "SELECT line_id, COUNT(*), MIN(opens), MAX(opens) FROM work_task WHERE opens >= %s AND opens < %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"{sql} GROUP BY line_id ORDER BY line_id",
                [connection.ops.adapt_datetimefield_value(one) for one in (until(2), until(3))],
            )
            assert f'"digest":"{journal.digest_rows(cursor.fetchall())}"' in second.data
        assert (second.subject_id, second.chain.key) == (str(plan.pk), f"project:{site.project.pk}")
        assert journal.verify().is_intact

    def test_days_are_marked_to_be_counted(self, site: Estate) -> None:
        bound(site, sweep="1/1 d", mop="1/1 w")
        published(site)
        StaleDay.objects.all().delete()
        generate(site.project, until=until(4), by=BY)
        assert sorted(StaleDay.objects.values_list("day", flat=True)) == [
            TODAY + dt.timedelta(days=n) for n in (0, 1, 2, 3, 9)
        ]

    def test_years_of_a_lifts_life(self, site: Estate) -> None:
        binding = bound(
            site, "statutory", lift="years 1;4;7;9;11;13;15;then 1/1 y; anchor=acceptance month; early<=2 m"
        )
        Subject.objects.filter(name="lift").update(matches_place=[], matches_asset=["乘客电梯"], unit="asset")
        lift = Asset.objects.create(
            project=site.project, code="L1", system="电梯", category="乘客电梯", name="电梯",
            accepted_on=dt.date(2016, 2, 29),
        )  # fmt: skip
        plan = published(site)
        assert plan.lines.get().anchor == dt.date(2016, 2, 29)
        while is_behind(site.project, until=until(1000)):
            generate(site.project, until=until(1000), by=BY)
        # accepted in February 2016: year 11 is 2027, year 13 is 2029; it may be done up to two months early
        assert [(clock.local(t.opens).date(), t.day, t.asset) for t in Task.objects.order_by("opens")] == [
            (dt.date(2027, 1, 1), dt.date(2027, 2, 28), lift),
            (dt.date(2029, 1, 1), dt.date(2029, 2, 28), lift),
        ]
        assert binding.layer == "statutory"

    def test_the_last_year_of_a_device_says_so(self, site: Estate) -> None:
        bound(site, "statutory", extinguisher="years 5;then 1/2 y;scrap 10;anchor=manufacture")
        Subject.objects.filter(name="extinguisher").update(matches_place=[], matches_asset=["灭火器"], unit="asset")
        Asset.objects.create(
            project=site.project,
            code="X1",
            system="消防",
            category="灭火器",
            name="灭火器",
            made_on=dt.date(2016, 12, 5),
        )
        published(site)
        generate(site.project, until=until(30), by=BY)
        task = Task.objects.get()
        assert (task.day, task.title.startswith("更换 · ")) == (dt.date(2026, 12, 31), True)

    def test_years_without_a_date_are_a_gap(self, site: Estate) -> None:
        bound(site, "statutory", extinguisher="years 5;then 1/2 y;anchor=manufacture")
        Subject.objects.filter(name="extinguisher").update(matches_place=[], matches_asset=["灭火器"], unit="asset")
        Asset.objects.create(project=site.project, code="X1", system="消防", category="灭火器", name="灭火器")
        plan = draft_plan(site.project, by=site.planner)
        assert not plan.lines.exists()
        assert list(plan.gaps.values_list("why", "detail")) == [("no_date", "灭火器")]

    def test_working_days_follow_the_calendar(self, site: Estate) -> None:
        load_calendar(by=BY)
        bound(site, sweep="1/1 d; workdays")
        plan = published(site)
        generate(site.project, until=until(50), by=BY)
        days = set(Task.objects.filter(line=plan.lines.first()).values_list("day", flat=True))
        assert dt.date(2026, 11, 21) not in days  # a Saturday
        assert dt.date(2027, 1, 1) not in days  # New Year
        assert dt.date(2026, 12, 31) in days

    def test_the_job_goes_on_until_everything_is_there(self, site: Estate) -> None:
        bound(site, sweep="1/1 d")
        published(site)
        jobs.drain()
        assert max(Task.objects.values_list("day", flat=True)) == TODAY + dt.timedelta(days=14)
        with clock.at(until(150)):
            jobs.enqueue("work.generate_all")
            jobs.drain()
            assert max(Task.objects.values_list("day", flat=True)) == TODAY + dt.timedelta(days=163)
        assert set(Job.objects.filter(name__startswith="work.gen").values_list("state", flat=True)) == {"done"}

    def test_an_ended_layer_ends_its_obligations_with_the_next_plan(self, site: Estate) -> None:
        bound(site, sweep="1/1 d")
        second = bound(site, "contract", sweep="2/1 d")
        published(site)
        generate(site.project, until=until(5), by=BY)
        end_binding(second, ends_on=TODAY, reason="合同到期", by=site.planner)
        with clock.at(until(1)):
            published(site, effective_from=TODAY + dt.timedelta(days=2))
            generate(site.project, until=until(5), by=BY)
        open_ones = Task.objects.filter(place=site.stairs[0], state="open")
        per_day = [open_ones.filter(day=TODAY + dt.timedelta(days=n)).count() for n in range(5)]
        assert per_day == [2, 2, 1, 1, 1]


@pytest.mark.django_db
class TestWindows:
    """Windows are computed once, however plans grow."""

    def test_spans_grow_at_both_ends(self) -> None:
        schedule = Schedule.objects.create(cadence="1/1 d", anchor=dt.date(2024, 1, 1))
        ensure_windows([schedule], since=TODAY, until=TODAY + dt.timedelta(days=3))
        assert Window.objects.count() == 3 + 3  # and the three days before, that may still be open
        schedule.refresh_from_db()
        ensure_windows([schedule], since=TODAY, until=TODAY + dt.timedelta(days=3))
        ensure_windows([schedule], since=TODAY - dt.timedelta(days=5), until=TODAY + dt.timedelta(days=5))
        schedule.refresh_from_db()
        assert Window.objects.count() == 5 + 5 + 3
        assert (schedule.computed_from, schedule.computed_until) == (
            TODAY - dt.timedelta(days=8),
            TODAY + dt.timedelta(days=5),
        )
        opens = sorted(Window.objects.values_list("opens", flat=True))
        assert [b - a for a, b in itertools.pairwise(opens)] == [dt.timedelta(days=1)] * 12

    @pytest.mark.parametrize(
        ("cadence", "days"), [("1/1 d", 3), ("1/3 h", 2), ("1/1 w", 9), ("1/1 y", 367), ("1/50 y", 3660), ("cond:x", 1)]
    )
    def test_how_far_to_look_back(self, cadence: str, days: int) -> None:
        assert abs(period_of(cadence).days - days) <= 1

    def test_midnight_belongs_to_the_day_before(self) -> None:
        assert day_of(until(1)) == TODAY
        assert day_of(until(1) + dt.timedelta(seconds=1)) == TODAY + dt.timedelta(days=1)

    def test_the_middle_of_a_window(self) -> None:
        schedule = Schedule.objects.create(cadence="1/1 d; 06:00-08:00", anchor=dt.date(2024, 1, 1))
        ensure_windows([schedule], since=TODAY, until=TODAY + dt.timedelta(days=1))
        window = Window.objects.get(day=TODAY)
        assert (window.middle - window.opens, window.due - window.middle) == (dt.timedelta(hours=1),) * 2
        assert window.kind == "regular"


# --- several workers, really


@pytest.fixture
def committed(moment: dt.datetime, transactional_db: None) -> Estate:
    made = estate(stairs=6)
    bound(made, sweep="1/3 h", mop="2/1 w", wax="1/1 d")
    published(made)
    return made


@pytest.mark.slow
def test_workers_at_once_make_each_obligation_once(committed: Estate) -> None:
    barrier = Barrier(4)

    def work(_number: int) -> int:
        barrier.wait()
        try:
            return generate(Project.objects.get(pk=committed.project.pk), until=until(14), by=BY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = sorted(pool.map(work, range(4)))
    assert counts == [0, 0, 0, Task.objects.count()]
    assert Task.objects.count() == 6 * (8 * 14 + 14) + 6 * 2 * 2
    assert Entry.objects.filter(verb="work.tasks_generated").count() == 1
    assert journal.verify().is_intact


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from wuyou.domains.org.models import Project
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.generation import generate
from wuyou.domains.work.models import Task
from wuyou.kernel.actors import System
from wuyou.kernel.transactions import unit_of_work
with unit_of_work():
    generate(Project.objects.get(), until=datetime.fromisoformat(sys.argv[1]), by=System("killed"))
    print(Task.objects.count(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_nothing_half(committed: Estate) -> None:
    environment = os.environ | {"WUYOU_DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", KILLED, until(14).isoformat()]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert int(done.stdout) > 700  # it was in the middle
    assert (Task.objects.count(), Window.objects.count()) == (0, 0)
    assert Plan.objects.get().generated_until is None
    assert not Entry.objects.filter(verb="work.tasks_generated").exists()
    assert generate(committed.project, until=until(14), by=BY) == int(done.stdout)
