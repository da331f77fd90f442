"""The journal: what happened, chained by digests, sealed every day (spec 02)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import VIEW_JOURNAL, require
from wuyou.domains.org.queries import VisibleChain, chains_visible_to
from wuyou.faces.console.history import word_of
from wuyou.faces.console.machines import who
from wuyou.faces.console.offering import offer
from wuyou.faces.console.org.roles import APPS
from wuyou.kernel import journal
from wuyou.kernel.errors import Conflict, Missing
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.journal.queries import entries, head_of, seals
from wuyou.ui import scope
from wuyou.ui.visitor import user_of

PER_PAGE = 60
MOST_VERIFIED = 500_000  # entries re-computed while somebody waits; more by `wuyou verify`
WHY = {
    "gap": _("an entry is missing"),
    "altered": _("an entry was altered"),
    "link": _("an entry does not follow the one before"),
    "head": _("the end of the chain is not where it should be"),
    "seal": _("a daily seal does not fit"),
}
PLACES = {
    "registry.place": "console:registry:place", "registry.staff": "console:registry:staff_member",
    "registry.person": "console:registry:person", "assets.asset": "console:assets:asset", "user": "console:org:user",
    "imports.run": "console:registry:import", "work.task": "console:work:task",
}  # fmt: skip


class JournalFilter(forms.Form):
    """Which part of the journal, which day, by whom."""

    area = forms.ChoiceField(label=_("Range"), required=False, widget=forms.Select(attrs={"class": "w-auto"}))
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "w-auto"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Every app that writes entries."""
        super().__init__(*args, **kwargs)
        more = {"imports": _("Imports"), "evidence": _("Evidence"), "clocks": _("Clocks"), "jobs": _("Jobs")}
        offer(self, area=[("", _("All areas")), *APPS.items(), *more.items()])


def chain_asked(request: HttpRequest, chains: list[VisibleChain]) -> VisibleChain:
    """The chain of the address, else that of the project in view, else the first; 404 for one that is not visible."""
    asked = request.GET.get("chain") or request.POST.get("chain")
    if not asked:
        project = scope.of(request).project
        asked = f"project:{project.pk}" if project else chains[0].key
    found = next((chain for chain in chains if chain.key == asked), None)
    if found is None and not (request.GET.get("chain") or request.POST.get("chain")):
        return chains[0]
    if found is None:
        raise Missing(_("There is no such chain, or not for you."))
    return found


@require_GET
def journal_page(request: HttpRequest) -> HttpResponse:
    """Entries of one chain, newest first."""
    user = user_of(request)
    require(user, VIEW_JOURNAL)
    chains = chains_visible_to(user)
    chain = chain_asked(request, chains)
    form = JournalFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    before = request.GET.get("before", "")
    found = entries(
        [chain.key],
        verb=f"{chosen['area']}." if chosen.get("area") else None,
        day=chosen.get("day"),
        before_seq=int(before) if before.isdecimal() and len(before) < 18 else None,
    )
    rows = list(found[: PER_PAGE + 1])
    context = {
        "chains": chains,
        "chain": chain,
        "form": form,
        "rows": [line(row) for row in rows[:PER_PAGE]],
        "more": rows[PER_PAGE - 1].seq if len(rows) > PER_PAGE else 0,
        "head": head_of(chain.key),
        "seals": seals(chain.key)[:7],
    }
    return render(request, "console/system/journal.html", context)


def line(row: Entry) -> dict[str, Any]:
    """An entry as the page lists it."""
    details = [(name, value) for name, value in row.details.items() if value not in (None, "", [], {})]
    return {
        "row": row,
        "word": word_of(row.verb),
        "who": who(row),
        "changes": [(name, *value) for name, value in details if is_change(value)],
        "details": [(name, value) for name, value in details if not is_change(value)],
        "page": PLACES.get(row.subject_kind, "") if row.subject_id.isdecimal() else "",
    }


def is_change(value: object) -> bool:
    """Whether a detail is a pair of before and after."""
    return isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Re-compute a chain and say what was found; raises Conflict for a chain too long to wait for."""
    user = user_of(request)
    require(user, VIEW_JOURNAL)
    chain = chain_asked(request, chains_visible_to(user))
    head = head_of(chain.key)
    if head is not None and head.head_seq > MOST_VERIFIED:
        raise Conflict(_("This chain is too long to verify in a page. Run: wuyou verify"))
    verdict = journal.verify(chain.key) if head is not None else journal.Verdict(1, 0)
    broken = [(one.seq, WHY.get(one.reason, one.reason)) for one in verdict.breaks]
    context = {"chain": chain, "verdict": verdict, "broken": broken, "head": head}
    return render(request, "console/system/verdict.html", context)
