"""A database of its own for a measurement, on the server or in the folder the settings name; gone afterwards."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Migrate an empty database, give its vendor's name, drop it."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    folder = tempfile.mkdtemp(prefix="wuyou-bench-")
    is_file = connection.vendor == "sqlite"
    name = f"{folder}/bench.sqlite3" if is_file else f"wuyou_bench_{os.getpid()}"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection.vendor
    finally:
        connection.close()
        connection.creation.destroy_test_db(before, verbosity=0)
        shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict[str, str]:
    """What another process needs to work on the same database."""
    from django.db import connection

    where: dict[str, Any] = connection.settings_dict
    url = f"sqlite:///{where['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{where['USER']}:{where['PASSWORD']}@{where['HOST']}:{where['PORT']}/{where['NAME']}"
    paths = [str(ROOT), str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return os.environ | {"WUYOU_DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(paths)}


def command(code: str) -> list[str]:
    """Python that runs `code` with Django set up."""
    return [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"]
