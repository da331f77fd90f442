"""Imports as a whole: twice the same, killed in the middle, undone, tampered with (spec 01, 02)."""

import hashlib
import os
import signal
import subprocess
import sys

import pytest
from badinput import jiutai
from badinput.jiutai import KINDS
from django.db import connection
from factories.tables import CLERK, check, figures, load
from kernel.jobs.effects import ROOT, database_url

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.actions import load_qualification_kinds
from wuyou.domains.registry.models import (
    Building,
    Occupancy,
    Person,
    Place,
    Qualification,
    Room,
    Staff,
    Team,
    Zone,
)
from wuyou.kernel import jobs, journal
from wuyou.kernel.imports import actions
from wuyou.kernel.imports.models import ImportedRow, ImportRun
from wuyou.kernel.journal import guard
from wuyou.kernel.journal.models import Entry

MODELS = (Place, Building, Room, Person, Occupancy, Team, Zone, Staff, Qualification, Asset)


def fingerprint() -> dict[str, str]:
    """Every column of every row of the register, as one digest per table."""
    found = {}
    for model in MODELS:
        digest = hashlib.sha256()
        for row in model.objects.order_by("pk").values_list():
            digest.update(repr(row).encode())
        found[model.__name__] = f"{model.objects.count()} {digest.hexdigest()[:16]}"
    return found


@pytest.fixture
def licensed(project: Project) -> Project:
    """A project that knows the kinds of licences."""
    load_qualification_kinds()
    return project


@pytest.mark.slow
def test_every_workbook_twice_changes_nothing_and_the_journal_says_so(licensed: Project) -> None:
    for name, kind in KINDS.items():
        load(kind, jiutai.file(name), licensed)
    before, rows = fingerprint(), ImportedRow.objects.count()
    for name, kind in KINDS.items():
        run = load(kind, jiutai.file(name), licensed)
        assert (figures(run)[:2], run.changes["applied"], run.rows_wrong) == ((0, 0), {}, 0), name
        assert figures(run)[2] == run.rows_total
        entry = Entry.objects.filter(verb="imports.run_applied").order_by("-id")[0]
        assert entry.subject_id == str(run.pk)
        assert not any(word in entry.data for word in ("created", "changed"))
        assert f'"digest":"{journal.digest_rows([])}"' in entry.data.replace(" ", "")
    assert (fingerprint(), ImportedRow.objects.count()) == (before, rows)
    assert journal.verify().is_intact


def test_a_second_run_after_an_undo_is_as_the_first(licensed: Project) -> None:
    load(KINDS["buildings"], jiutai.some_buildings(), licensed)
    first = load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 30)), licensed)
    actions.undo_run(first, by=CLERK)
    again = load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 30)), licensed)
    assert figures(again) == figures(first) == (30, 0, 0)
    assert again.changes["applied"] == first.changes["applied"]


# --- killed in the middle

KILLED = """
import os, signal, sys
import django
django.setup()
from wuyou.domains.registry.models import Room
from wuyou.kernel.actors import System
from wuyou.kernel.imports import actions
from wuyou.kernel.imports.models import ImportRun
def report(**told):
    if Room.objects.exists():
        print(Room.objects.count(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
actions.apply_run(ImportRun.objects.get(pk=int(sys.argv[1])), by=System("killed"), report=report)
"""


@pytest.fixture
def committed(transactional_db: None, licensed: Project) -> Project:
    """A project another process can see, with its buildings."""
    load(KINDS["buildings"], jiutai.some_buildings(), licensed)
    return licensed


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_an_import(committed: Project) -> None:
    jobs.drain()
    before = fingerprint()
    run = check(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 100)), committed)
    actions.start_apply(run, by=CLERK)
    environment = os.environ | {"WUYOU_DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", KILLED, str(run.pk)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert int(done.stdout) == 100  # the rooms were in, the people were not
    run.refresh_from_db()
    assert (run.state, fingerprint()) == ("applying", before)
    assert not Entry.objects.filter(verb="imports.run_applied", subject_id=str(run.pk)).exists()
    jobs.drain()  # the next worker takes the job that was left
    run.refresh_from_db()
    assert (run.state, Room.objects.count()) == ("applied", 100)
    assert Entry.objects.filter(verb="imports.run_applied", subject_id=str(run.pk)).count() == 1
    assert Place.objects.find_problems() == ([], [], [], [], [])
    assert journal.verify().is_intact


# --- tampered with


def test_who_alters_what_an_import_did_is_found(licensed: Project) -> None:
    load(KINDS["buildings"], jiutai.some_buildings(), licensed)
    run = load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 5)), licensed)
    entry = Entry.objects.get(verb="imports.run_applied", subject_id=str(run.pk))
    assert journal.verify().is_intact
    guard.remove(connection)
    Entry.objects.filter(pk=entry.pk).update(data=entry.data.replace("5", "4"))
    broken = journal.verify().breaks
    guard.install(connection)
    assert [(one.chain, one.seq, one.reason) for one in broken] == [(entry.chain.key, entry.seq, "altered")]


def test_a_stopped_import_leaves_nothing(licensed: Project) -> None:
    before = fingerprint()
    run = check(KINDS["staff"], jiutai.file("staff"), licensed)
    actions.start_apply(run, by=CLERK)
    actions.stop_run(run, by=CLERK)
    jobs.drain()
    assert (ImportRun.objects.get(pk=run.pk).state, fingerprint()) == ("cancelled", before)
