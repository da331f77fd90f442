"""Replaying: the key is claimed first, in the transaction of the effect, so that of two at once only one acts."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import unit_of_work

KEPT = timedelta(days=7)
LONGEST_KEY = 200
_CLAIM = (
    "INSERT INTO idempotency_key (actor, key, request, digest, status, body, created_at)"
    " VALUES (%s, %s, %s, %s, 0, '', %s) ON CONFLICT (actor, key) DO NOTHING"
)
_READ = "SELECT request, digest, status, body FROM idempotency_key WHERE actor = %s AND key = %s"
_KEEP = "UPDATE idempotency_key SET status = %s, body = %s WHERE actor = %s AND key = %s"
_SWEEP = "DELETE FROM idempotency_key WHERE created_at < %s"


class Answer(NamedTuple):
    """An HTTP status and body; `replayed` when it was given before."""

    status: int
    body: str
    replayed: bool = False


def replay_or_run(
    run: Callable[[], Answer], *, actor: str, key: str, method: str, path: str, request_body: bytes
) -> Answer:
    """The kept answer of this actor's key, else `run` it and keep its answer, both in one transaction.

    A run that raises keeps nothing, so that the request can be sent again. Raises Invalid for an unusable key and
    Conflict when the key was used for another request.
    """
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": _("An idempotency key has 1 to 200 printable characters.")})
    digest = hashlib.sha256(request_body).hexdigest()
    request = f"{method} {path}"[:400]
    with unit_of_work():
        if _claim(actor, key, request, digest):
            answer = run()
            _keep(actor, key, answer)
            return answer
        return _replay(actor, key, request, digest)


def sweep_keys() -> int:
    """Forget keys older than a week; gives their number."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [connection.ops.adapt_datetimefield_value(clock.now() - KEPT)])
        return int(cursor.rowcount)


def _claim(actor: str, key: str, request: str, digest: str) -> bool:
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(clock.now())
        # a second request with the key waits here until the first has committed or failed
        cursor.execute(_CLAIM, [actor, key, request, digest, now])
        return bool(cursor.rowcount == 1)


def _keep(actor: str, key: str, answer: Answer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [answer.status, answer.body, actor, key])


def _replay(actor: str, key: str, request: str, digest: str) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [actor, key])
        kept_request, kept_digest, status, body = cursor.fetchone()
    if (kept_request, kept_digest) != (request, digest):
        raise Conflict(_("This idempotency key was used for another request."))
    return Answer(status, body, replayed=True)
