"""One device: facts, state, tasks, readings, sticker, history (spec 08)."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.assets import actions, policies
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.flows import ASSET_FLOW
from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.queries import assets_visible_to
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import has_permission
from wuyou.domains.registry.policies import check_print_labels
from wuyou.domains.registry.queries import tags_visible_to
from wuyou.domains.registry.rules.tags import shown
from wuyou.domains.work.queries.places import tasks_at_asset
from wuyou.domains.work.queries.tasks import readings_of
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.registry.labels import one_label
from wuyou.faces.console.registry.looking import row_for
from wuyou.faces.console.registry.place_pages import shapes_near
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui import wording
from wuyou.ui.pictures import Chart, Pin, PlanMap, Series
from wuyou.ui.visitor import user_of

from .lists import TONES, asset_url

MOST_TASKS = 12
MOST_POINTS = 60


def asset_for(request: HttpRequest, pk: int) -> Asset:
    """A visible device with what its page shows."""
    rows = assets_visible_to(user_of(request)).select_related("project__node", "place", "zone__owner", "contractor")
    asset: Asset = row_for(rows, pk)
    return asset


@require_GET
def asset_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a device is and what is to be done with it."""
    user, asset = user_of(request), asset_for(request, pk)
    tag = tags_visible_to(user).filter(subject_kind="asset", subject_id=pk, revoked_at__isnull=True).first()
    is_manager = may(policies.check_change_asset, user, asset)
    tasks = tasks_at_asset(user, asset)
    context = {
        "asset": asset,
        "tone": TONES[AssetState(asset.state)],
        "steps": ASSET_FLOW.from_state(asset.state) if is_manager else [],
        "tasks": tasks[:MOST_TASKS],
        "tag": shown(tag.code) if tag else "",
        "charts": charts_of(asset),
        "position": position_of(asset),
        "history": timeline_of(entries_of("assets.asset", asset.pk).order_by("-seq")[:20])
        if has_permission(user, "org.view_journal", asset.project.node)
        else [],
        "may_change": is_manager and asset.state != AssetState.SCRAPPED,
        "may_print": may(check_print_labels, user, asset.project),
    }
    return render(request, "console/assets/asset.html", context)


def position_of(asset: Asset) -> PlanMap | None:
    """The device on the plan, if it has a position."""
    if asset.x is None or asset.y is None:
        return None
    pin = Pin(asset.x, asset.y, asset.name, "accent", asset_url(asset))
    return PlanMap(_("Where it is"), [pin], shapes_near(asset.project, asset.x, asset.y))


def charts_of(asset: Asset) -> list[Chart]:
    """A line per item that was read at the device."""
    rows: dict[str, list[Any]] = defaultdict(list)
    items = {}
    for answer in readings_of(asset.pk):
        rows[answer.item.code].append(answer)
        items[answer.item.code] = answer.item
    return [_chart(items[code], answers[-MOST_POINTS:]) for code, answers in rows.items() if len(answers) > 1]


def _chart(item: Any, answers: list[Any]) -> Chart:
    last = answers[-1]
    title = _("%(item)s: %(value)s %(unit)s on %(day)s") % {
        "item": item.text, "value": last.number.normalize(), "unit": item.unit, "day": wording.day(last.at.date()),
    }  # fmt: skip
    labels = [wording.when(answer.at) for answer in answers]
    series = Series(item.text, [answer.number for answer in answers])
    return Chart("line", title, labels, [series], unit=item.unit, is_short=True)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step of the device's flow."""
    asset, user = asset_for(request, pk), user_of(request)
    reason = request.POST.get("reason", "")
    return act(
        request, lambda: actions.set_state(asset, name, by=user, reason=reason), said=_("The state was set."),
        to=asset_url(asset),
    )  # fmt: skip


@require_POST
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """The sticker of a device as a PDF."""
    asset = asset_for(request, pk)
    return one_label(request, "asset", asset.pk, asset.project)
