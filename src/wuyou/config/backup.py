"""One archive with everything: database, files and a manifest with versions and digests (spec 11).

The key of personal data is not in it: an archive that falls into wrong hands tells no phone number. Keep the key apart.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from wuyou.config.cli.commands import CommandError
from wuyou.config.server import running_server
from wuyou.kernel import clock, privacy

MANIFEST = "manifest.json"
FILES = "media"
FORMAT = 1
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def backup_command(given: argparse.Namespace) -> int:
    """`wuyou backup [file]`."""
    stamp = clock.local(clock.now()).strftime("%Y%m%d-%H%M%S")
    target = given.file or settings.HOME / "backups" / f"wuyou-{stamp}.tar.gz"
    manifest = backup(target)
    print(f"{target}: database and {manifest['files']} files, {target.stat().st_size / 1e6:.1f} MB")
    print(f"Not in it, keep it apart: the key of personal data ({settings.HOME / 'data-key.txt'} or WUYOU_DATA_KEY).")
    return 0


def restore_command(given: argparse.Namespace) -> int:
    """`wuyou restore file [--yes]`."""
    with unpacked(given.file) as folder:
        manifest = checked(folder)
        print(f"{given.file}: Wuyou {manifest['version']}, {manifest['made_at']}, {manifest['files']} files, all whole")
        refuse_to_harm(manifest)
        if not given.yes and not is_empty():
            raise CommandError("there is data here already, and it would be replaced. If you mean it: --yes")
        replace(folder, manifest)
    print("Restored. Next: wuyou upgrade (if this version is newer), then wuyou verify.")
    return 0


# --- writing


def backup(target: Path) -> dict[str, Any]:
    """Write the archive and give its manifest; an interrupted one leaves nothing at `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        # the database first: a file that comes later belongs to no record in it and does no harm
        snapshot = Path(folder) / DATABASES[connection.vendor]
        dump_database(snapshot)
        media = sorted(stored_files())
        manifest = describe(snapshot, media)
        with tarfile.open(part, "w:gz", compresslevel=3, format=tarfile.PAX_FORMAT) as archive:
            add_bytes(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
            archive.add(snapshot, arcname=snapshot.name)
            for path in media:
                archive.add(path, arcname=member(path))
    part.chmod(0o600)
    part.replace(target)
    return manifest


def describe(snapshot: Path, media: list[Path]) -> dict[str, Any]:
    """What the archive holds, so that a restore can tell whether all of it arrived and fits here."""
    digests = {snapshot.name: digest(snapshot)} | {member(path): digest(path) for path in media}
    return {
        "format": FORMAT,
        "version": version("wuyou"),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": applied_migrations(),
        "key": key_mark(),
        "files": len(media),
        "digests": digests,
    }


def member(path: Path) -> str:
    """The name of a stored file inside the archive."""
    return f"{FILES}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"


def stored_files() -> Iterator[Path]:
    """The files of a local store; an object store keeps its own versions."""
    return (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def key_mark() -> str:
    """A mark that tells two data keys apart without telling the key."""
    return privacy.digest("the mark of this data key")


def applied_migrations() -> list[str]:
    """Every migration in the database, sorted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """Put a small file into the archive."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(clock.now().timestamp())
    archive.addfile(info, io.BytesIO(data))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dump_database(target: Path) -> None:
    """A consistent copy of the database while it is in use."""
    if connection.vendor == "sqlite":
        live = sqlite3.connect(str(connection.settings_dict["NAME"]))
        with closing(live) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    postgres("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on our database; the password travels in the environment."""
    database = connection.settings_dict
    found = shutil.which(program)
    if found is None:
        raise CommandError(f"{program} is missing. On Debian: apt-get install postgresql-client")
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(database[key]) for name, key in where.items() if database.get(key)}
    call = [found, *arguments]
    done = subprocess.run(call, env=os.environ | given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.strip()}")


# --- reading


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The archive's content in a temporary folder beside our data (one file system: moving in is a rename)."""
    if not path.is_file():
        raise CommandError(f"there is no file {path}")
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix="restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(path, "r:gz") as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
            raise CommandError(f"{path} is not a whole archive: {error}") from error
        yield folder


def checked(folder: Path) -> dict[str, Any]:
    """The manifest, after every digest in it was found right and nothing beside it was found."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf8"))
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise CommandError("this archive was not made by `wuyou backup`: it has no manifest") from error
    if manifest.get("format") != FORMAT:
        raise CommandError(f"this archive is of format {manifest.get('format')}; this version reads {FORMAT}")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = sorted(present ^ set(manifest["digests"]))
    wrong += [
        name
        for name in sorted(present & set(manifest["digests"]))
        if digest(folder / name) != manifest["digests"][name]
    ]
    if wrong:
        raise CommandError(f"the archive is damaged: {', '.join(wrong[:5])}{' …' if len(wrong) > 5 else ''}")
    return manifest


def refuse_to_harm(manifest: dict[str, Any]) -> None:
    """Raise for an archive that cannot work here: other database, newer version, other key, server running."""
    if manifest["database"] != connection.vendor:
        raise CommandError(f"the archive is of {manifest['database']}, this installation of {connection.vendor}")
    if manifest["key"] != key_mark():
        raise CommandError(
            "the data key here is not the one of the archive: phones and identity numbers could not be read. "
            f"Put the right key into {settings.HOME / 'data-key.txt'} or WUYOU_DATA_KEY first"
        )
    newer = sorted(set(manifest["migrations"]) - known_migrations())
    if newer:
        raise CommandError(f"the archive is of a newer version ({manifest['version']}): it has {newer[0]}")
    pid = running_server()
    if pid is not None:
        raise CommandError(f"a server is running here (process {pid}). Stop it first")


def known_migrations() -> set[str]:
    """Every migration of this version."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    replaced = {f"{app}.{name}" for each in loader.disk_migrations.values() for app, name in each.replaces}
    return known | replaced


def is_empty() -> bool:
    """Whether nothing would be lost here: no user and no file."""
    from django.contrib.auth import get_user_model

    table = get_user_model()._meta.db_table
    has_users = table in connection.introspection.table_names() and get_user_model()._default_manager.exists()
    return not has_users and not any(stored_files())


def replace(folder: Path, manifest: dict[str, Any]) -> None:
    """Put database and files in place of what is here; the files before are kept until the database is in."""
    load_database(folder / DATABASES[manifest["database"]])
    media, fresh = Path(settings.MEDIA_ROOT), folder / FILES
    fresh.mkdir(exist_ok=True)
    if media.exists():
        media.rename(folder / "before")
    media.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(media)


def load_database(source: Path) -> None:
    """Replace the database by the copy."""
    connections.close_all()
    if connection.vendor == "postgresql":
        postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction",
                 f"--dbname={connection.settings_dict['NAME']}", str(source))  # fmt: skip
        return
    with closing(sqlite3.connect(source)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise CommandError(f"the database in the archive is damaged: {found}")
    target = Path(str(connection.settings_dict["NAME"]))
    for leftover in (target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
        leftover.unlink(missing_ok=True)
    source.replace(target)
