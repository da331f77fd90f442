"""Backing up and restoring, on whichever database this run is on."""

import argparse
import json
import os
import tarfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from factories.org import NodeFactory, UserFactory

from wuyou.config import backup, server
from wuyou.config.cli.commands import CommandError
from wuyou.domains.org.models import User
from wuyou.kernel import journal
from wuyou.kernel.actors import System
from wuyou.kernel.transactions import unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """An installation with files of its own."""
    settings.HOME = tmp_path / "home"
    settings.MEDIA_ROOT = settings.HOME / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return settings.HOME


@pytest.fixture
def archive(home: Path, tmp_path: Path) -> Path:
    """A backup of one user, one journal entry and one photo."""
    UserFactory(username="anna", full_name="安娜")
    node = NodeFactory()
    with unit_of_work():
        journal.record("org.tried", chain=f"node:{node.pk}", by=System("test"), subject=("node", node.pk, "x"))
    photo = home / "media" / "ab" / "photo.jpg"
    photo.parent.mkdir()
    photo.write_bytes(b"a photo")
    target = tmp_path / "kept" / "wuyou.tar.gz"
    backup.backup(target)
    return target


def restore(path: Path, *, yes: bool = True) -> int:
    return backup.restore_command(argparse.Namespace(file=path, yes=yes))


def contents(path: Path) -> dict[str, bytes]:
    """Every member of an archive."""
    with tarfile.open(path) as tar:
        return {info.name: tar.extractfile(info).read() for info in tar if info.isfile()}


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    """The archive with members replaced, added or (None) left out."""
    members = contents(path) | changes
    target = path.with_name("changed.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, data in members.items():
            if data is not None:
                backup.add_bytes(tar, name, data)
    return target


def with_manifest(path: Path, **changes: object) -> Path:
    """The archive with another manifest."""
    manifest = json.loads(contents(path)[backup.MANIFEST])
    return rewritten(path, {backup.MANIFEST: json.dumps(manifest | changes).encode()})


def test_what_an_archive_holds(archive: Path) -> None:
    members = contents(archive)
    database = backup.DATABASES[connection.vendor]
    manifest = json.loads(members["manifest.json"])
    assert set(members) == {"manifest.json", database, "media/ab/photo.jpg"}
    assert set(manifest["digests"]) == {database, "media/ab/photo.jpg"}
    assert (manifest["database"], manifest["files"], manifest["format"]) == (connection.vendor, 1, 1)
    assert "org.0001_initial" in manifest["migrations"]
    assert archive.stat().st_mode & 0o077 == 0
    assert list(archive.parent.iterdir()) == [archive]


def test_the_data_key_is_not_in_it(archive: Path) -> None:
    assert all(django_settings.DATA_KEY.encode() not in data for data in contents(archive).values())


def test_restore_brings_everything_back(archive: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(username="anna").update(full_name="somebody else")
    UserFactory(username="later")
    (home / "media" / "ab" / "photo.jpg").write_bytes(b"altered")
    (home / "media" / "later.jpg").write_bytes(b"later")
    assert restore(archive) == 0
    assert list(User.objects.values_list("username", "full_name")) == [("anna", "安娜")]
    files = {path.name: path.read_bytes() for path in (home / "media").rglob("*") if path.is_file()}
    assert files == {"photo.jpg": b"a photo"}
    assert journal.verify().is_intact
    assert journal.verify().entries == 1
    assert "all whole" in capsys.readouterr().out
    assert not list(home.glob("restore-*"))


def test_the_journal_is_still_guarded_after_a_restore(archive: Path, home: Path) -> None:
    restore(archive)
    with pytest.raises(Exception, match=r"(?i)append|journal"), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET verb = 'x'")


def test_restore_into_an_empty_installation_asks_nothing(archive: Path, home: Path) -> None:
    User.objects.all().delete()
    for path in (home / "media").rglob("*.jpg"):
        path.unlink()
    assert restore(archive, yes=False) == 0
    assert User.objects.get().username == "anna"


def test_restore_does_not_overwrite_unasked(archive: Path, home: Path) -> None:
    UserFactory(username="later")
    with pytest.raises(CommandError, match="--yes"):
        restore(archive, yes=False)
    assert User.objects.filter(username="later").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"media/ab/photo.jpg": b"another"}, "damaged: media/ab/photo.jpg"),
        ({"media/ab/photo.jpg": None}, "damaged: media/ab/photo.jpg"),
        ({"media/extra.jpg": b"x"}, "damaged: media/extra.jpg"),
        ({"manifest.json": None}, "no manifest"),
        ({"manifest.json": b"{"}, "no manifest"),
    ],
)
def test_a_damaged_archive_changes_nothing(
    archive: Path, home: Path, changes: dict[str, bytes | None], said: str
) -> None:
    UserFactory(username="later")
    with pytest.raises(CommandError, match=said):
        restore(rewritten(archive, changes))
    assert User.objects.filter(username="later").exists()
    assert (home / "media" / "ab" / "photo.jpg").read_bytes() == b"a photo"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "format 2"),
        ({"database": "oracle"}, "of oracle"),
        ({"key": "another"}, "data key"),
        ({"migrations": ["org.9999_later"]}, "newer version"),
    ],
)
def test_an_archive_that_cannot_work_here(archive: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        restore(with_manifest(archive, **changes))


def test_restore_waits_for_no_running_server(archive: Path, home: Path) -> None:
    with server.only_one_server(), pytest.raises(CommandError, match=f"process {os.getpid()}"):
        restore(archive)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00broken"])
def test_no_archive_at_all(home: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"not a whole archive|no manifest"):
        restore(path)


def test_a_cut_off_archive(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(CommandError, match=r"not a whole archive|damaged"):
        restore(archive)


def test_an_archive_with_altered_bytes(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    archive.write_bytes(data)
    with pytest.raises(CommandError, match=r"not a whole archive|damaged"):
        restore(archive)


def test_a_missing_file(home: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no file"):
        restore(tmp_path / "nothing.tar.gz")


def test_an_archive_cannot_write_elsewhere(archive: Path, home: Path) -> None:
    target = archive.with_name("evil.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        backup.add_bytes(tar, "../evil.txt", b"x")
    with pytest.raises(CommandError, match="not a whole archive"):
        restore(target)
    assert not (home / "evil.txt").exists()


def test_the_command_names_the_file_and_the_key(
    archive: Path, home: Path, capsys: pytest.CaptureFixture[str], moment: object
) -> None:
    assert backup.backup_command(argparse.Namespace(file=None)) == 0
    made = home / "backups" / "wuyou-20261120-100000.tar.gz"
    out = capsys.readouterr().out
    assert (made.exists(), str(made) in out, "keep it apart" in out) == (True, True, True)


def test_a_missing_program_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="pg_dump is missing"):
        backup.postgres("pg_dump")


def test_a_failing_program_says_why(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho no such server >&2\nexit 2\n", encoding="utf8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump failed: no such server"):
        backup.postgres("pg_dump")
