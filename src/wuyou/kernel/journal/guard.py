"""The triggers that refuse to alter the journal, per database.

Installed by migration 0002 and again after every migrate: SQLite drops a table's triggers when Django re-makes it.
"""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_FROZEN = ("journal_entry", "journal_seal")
_MESSAGE = "the journal is append-only"

_PG_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$;
CREATE OR REPLACE FUNCTION journal_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.head_seq <= OLD.head_seq OR NEW.key <> OLD.key OR NEW.id <> OLD.id THEN RAISE EXCEPTION '{_MESSAGE}'; END IF;
  RETURN NEW;
END $$;
"""


def _postgres() -> dict[str, tuple[str, str]]:
    """Trigger name → its table and its SQL."""
    refuse, forward = "EXECUTE FUNCTION journal_refuse()", "EXECUTE FUNCTION journal_forward()"
    triggers = {}
    for table in _FROZEN:
        triggers[f"{table}_frozen"] = (table, f"BEFORE UPDATE OR DELETE ON {{}} FOR EACH ROW {refuse}")
    triggers["journal_chain_kept"] = ("journal_chain", f"BEFORE DELETE ON {{}} FOR EACH ROW {refuse}")
    triggers["journal_chain_forward"] = ("journal_chain", f"BEFORE UPDATE ON {{}} FOR EACH ROW {forward}")
    for table in (*_FROZEN, "journal_chain"):
        triggers[f"{table}_whole"] = (table, f"BEFORE TRUNCATE ON {{}} FOR EACH STATEMENT {refuse}")
    return triggers


def _sqlite() -> dict[str, tuple[str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    triggers = {}
    for table in _FROZEN:
        triggers[f"{table}_no_update"] = (table, f"BEFORE UPDATE ON {{}} {refuse}")
        triggers[f"{table}_no_delete"] = (table, f"BEFORE DELETE ON {{}} {refuse}")
    triggers["journal_chain_kept"] = ("journal_chain", f"BEFORE DELETE ON {{}} {refuse}")
    back = "NEW.head_seq <= OLD.head_seq OR NEW.key <> OLD.key OR NEW.id <> OLD.id"
    triggers["journal_chain_forward"] = ("journal_chain", f"BEFORE UPDATE ON {{}} WHEN {back} {refuse}")
    return triggers


def _triggers(db: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    return _postgres() if db.vendor == "postgresql" else _sqlite()


def missing(db: BaseDatabaseWrapper = connection) -> list[str]:
    """Names of guarding triggers that are not in the database; empty when the journal is protected."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if db.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with db.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return sorted(set(_triggers(db)) - there)


def install(db: BaseDatabaseWrapper = connection) -> None:
    """Put every guarding trigger that is missing in place."""
    lacking = missing(db)
    with db.cursor() as cursor:
        if lacking and db.vendor == "postgresql":
            cursor.execute(_PG_FUNCTIONS)
        for name in lacking:
            table, text = _triggers(db)[name]
            cursor.execute(f"CREATE TRIGGER {name} {text.format(table)}")


def remove(db: BaseDatabaseWrapper = connection) -> None:
    """Take the triggers away: for reversing the migration and for emptying a test database, nothing else."""
    with db.cursor() as cursor:
        for name, (table, _text) in _triggers(db).items():
            on = f" ON {table}" if db.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
