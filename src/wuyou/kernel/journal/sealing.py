"""The daily seal: where each chain stood at the end of a Shanghai day (spec 02)."""

from datetime import date, timedelta

from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

from .models import Chain, Entry, Seal


@action
def seal_day(day: date) -> int:
    """Seal every chain that had entries by the end of `day`; gives the number of new seals, 0 the second time.

    Raises Invalid for a day that is not over.
    """
    if day >= clock.today():
        raise Invalid(fields={"day": _("A day is sealed when it is over.")})
    _start, end = clock.day_bounds(day)
    last = Entry.objects.filter(chain=OuterRef("pk"), at__lt=end).order_by("-seq")
    heads = (
        Chain.objects.exclude(seals__day=day)
        .annotate(last_seq=Subquery(last.values("seq")[:1]), last_hash=Subquery(last.values("hash")[:1]))
        .filter(last_seq__isnull=False)
        .order_by("pk")
    )
    now = clock.now()
    seals = [Seal(day=day, chain=one, seq=one.last_seq, hash=one.last_hash, sealed_at=now) for one in heads]
    Seal.objects.bulk_create(seals, batch_size=500, ignore_conflicts=True)
    return len(seals)


def seal_due_days() -> int:
    """Seal every day from the one after the last seal (or the first entry) to yesterday; gives the number of seals."""
    latest = Seal.objects.aggregate(day=Max("day"))["day"]
    if latest is None:
        first = Entry.objects.order_by("id").values_list("at", flat=True).first()
        if first is None:
            return 0
        latest = clock.local(first).date() - timedelta(days=1)
    days = (clock.today() - latest).days - 1
    return sum(seal_day(latest + timedelta(days=1 + offset)) for offset in range(days))
