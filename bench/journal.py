"""The journal: appending inside a transaction, eight writers on one chain, verifying."""

import statistics
import subprocess
import time

from bench.report import Row, print_table
from bench.scratch import command, database, environment

APPENDS, WRITERS, ACTIONS, ENTRIES = 1000, 8, 300, 200_000
ROUNDS = 3  # verifying is repeated, the best counts: the machine is shared


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    appended, inserted = append_times()
    alone, together = writers_rate(1), writers_rate(WRITERS)
    verified, read = verify_rate()
    plain, single, reading = f"{appended / inserted:.1f}", f"{together / alone:.2f}", f"{verified / read:.2f}"
    return [
        Row(f"{database}: journal append, median", appended, "ms", "≤ 1", f"{plain} × a plain insert"),
        Row(f"{database}: audited actions, 1 writer", alone, "/s"),
        Row(f"{database}: audited actions, {WRITERS} writers on a chain", together, "/s", "", f"{single} × 1 writer"),
        Row(f"{database}: verify", verified, "entries/s", "≥ 50000", f"{reading} × only reading the rows"),
    ]


def act(chain: str, number: int) -> None:
    """Record one entry of ordinary size in the unit under way."""
    from wuyou.kernel import journal
    from wuyou.kernel.actors import System

    data = {"state": ["open", "done"], "late": False, "result": "done", "photos": 3}
    subject = ("work.task", number, f"一号楼一单元大堂保洁 {number}")
    journal.record("work.task_done", chain=chain, by=System("bench"), subject=subject, data=data)


def append_times() -> tuple[float, float]:
    """Median milliseconds of recording and appending one entry, and of inserting a plain row of the same width."""
    from wuyou.kernel.journal.recording import Waitlist
    from wuyou.kernel.transactions import kept_in_unit, unit_of_work

    appended, inserted = [], []
    for number in range(APPENDS):
        with unit_of_work():
            began = time.perf_counter()
            act("project:1", number)
            kept_in_unit("journal", Waitlist).flush()
            appended.append(time.perf_counter() - began)
            inserted.append(insert_time(number))
    return statistics.median(appended) * 1000, statistics.median(inserted) * 1000


def insert_time(number: int) -> float:
    """Seconds of one plain insert into a table with a unique index."""
    from django.db import connection

    from wuyou.kernel import clock

    now = connection.ops.adapt_datetimefield_value(clock.now())
    sql = (
        "INSERT INTO idempotency_key (actor, key, request, digest, status, body, created_at)"
        " VALUES ('bench', %s, %s, %s, 200, %s, %s)"
    )
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(number), "work.task_done", "0" * 64, "x" * 400, now])
    return time.perf_counter() - began


def write(actions: int) -> None:
    """What one writer process does: gets warm, waits for the others, then acts."""
    from wuyou.kernel.transactions import unit_of_work

    with unit_of_work():
        act("project:7", 0)  # connected and warm before the clock runs
    print("ready", flush=True)
    input()
    for number in range(actions):
        with unit_of_work():
            act("project:8", number)


def writers_rate(writers: int) -> float:
    """Audited actions per second of some processes on one chain; fails when the chain forks or has a gap."""
    from wuyou.kernel import journal

    line = command(f"from bench.journal import write; write({ACTIONS})")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(line, env=environment(), **pipes) for _ in range(writers)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    codes = [process.wait() for process in processes]
    took = time.perf_counter() - began
    assert codes == [0] * writers
    verdict = journal.verify("project:8")
    assert verdict.is_intact, verdict
    assert verdict.entries % ACTIONS == 0, verdict
    return writers * ACTIONS / took


def verify_rate() -> tuple[float, float]:
    """Entries per second verified, and only read."""
    from wuyou.kernel import journal
    from wuyou.kernel.journal import store
    from wuyou.kernel.transactions import unit_of_work

    for start in range(0, ENTRIES, 10_000):
        with unit_of_work():
            for number in range(start, start + 10_000):
                act("project:9", number)
    head = store.read_head("project:9")
    verified = read = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        verdict = journal.verify("project:9")
        verified = max(verified, ENTRIES / (time.perf_counter() - began))
        assert verdict.is_intact, verdict
        assert verdict.entries == ENTRIES, verdict
        began = time.perf_counter()
        assert sum(len(rows) for rows in store.pages(head.chain_id, after=0)) == ENTRIES
        read = max(read, ENTRIES / (time.perf_counter() - began))
    return verified, read


if __name__ == "__main__":
    with database() as vendor:
        print_table(run(vendor))
