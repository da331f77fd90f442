"""What opens when a member of staff scans a sticker: the place or device, what is open there, and a way to report."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.policies import may
from wuyou.domains.quality.policies.findings import check_enter
from wuyou.domains.registry.actions.tags import Resolved, resolve_tag
from wuyou.domains.registry.models import Place
from wuyou.domains.registry.queries import ancestors
from wuyou.domains.registry.rules.tags import shown
from wuyou.domains.work import policies
from wuyou.domains.work.queries.day import assets_to_report, open_tasks_at, places_to_report
from wuyou.faces.console.quality.finding_new import finding_button
from wuyou.kernel.errors import Missing
from wuyou.ui.visitor import user_of

from .looks import proof_look, state_look
from .problems import report_buttons


def resolved(request: HttpRequest, code: str) -> Resolved:
    """What the code stands for, for those who work there or see its places."""
    user = user_of(request)
    try:
        return resolve_tag(code, by=user, permission=policies.DO_TASKS)
    except Missing:  # somebody who only looks
        return resolve_tag(code, by=user)


def thing_of(request: HttpRequest, found: Resolved) -> Place | Asset:
    """The place or device a sticker is on; raises Missing when it is gone."""
    user = user_of(request)
    rows = assets_to_report(user) if found.kind == "asset" else places_to_report(user)
    thing: Place | Asset | None = rows.filter(pk=found.id).first()
    if thing is None:
        raise Missing(_("This code is not known."))
    return thing


def scan(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a sticker; a replaced one says which code follows it."""
    found = resolved(request, code)
    thing = thing_of(request, found)
    place = thing if isinstance(thing, Place) else thing.place
    user = user_of(request)
    own = open_tasks_at(user, place=thing) if isinstance(thing, Place) else open_tasks_at(user, asset_id=thing.pk)
    context = {
        "title": str(thing),
        "thing": thing,
        "is_asset": isinstance(thing, Asset),
        "where": [row.name for row in ancestors(place)][1:] if place else [],
        "tasks": [(task, state_look(task), proof_look(task)) for task in own],
        "code": found.replaced_by if found.is_replaced else code,
        "is_replaced": found.is_replaced,
        "follows": shown(found.replaced_by) if found.replaced_by else "",
        "report": report_buttons(found.kind, found.id),
        "enter": finding_button(found.kind, found.id) if may(check_enter, user, thing.project) else None,
    }
    return render(request, "console/work/scan.html", context)
