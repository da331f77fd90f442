"""The ledgers of disinfection and refuse: entries are added, a correction refers to what it corrects (spec 03)."""

from wuyou.domains.work.actions import ledgers as actions
from wuyou.domains.work.choices import RefuseSort
from wuyou.domains.work.models import DisinfectionEntry, RefuseEntry
from wuyou.domains.work.policies import DO_TASKS, VIEW_TASKS
from wuyou.domains.work.queries.tasks import disinfections_visible_to, refuse_visible_to
from wuyou.faces.api.operations import Acts, maybe, ref
from wuyou.faces.api.registry.places import PLACES
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Bool, Moment, choice, column, decimal

from . import router
from .tasks import TASKS

DISINFECTIONS = Resource(
    "disinfections",
    shape(
        "Disinfection",
        DisinfectionEntry,
        "id project task place at agent concentration_mg_l batch area_m2 weather signs_up_at signs_down_at reentry_at"
        " by_label corrects",
        place_name="place.name",
    ),
    disinfections_visible_to,
    view=[VIEW_TASKS],
    filters={
        "project_id": ids("project"),
        "place_id": ids("place"),
        "since": Filter(Moment, "at__gte"),
        "until": Filter(Moment, "at__lt"),
    },
    sorts={"at": "at"},
)
REFUSE = Resource(
    "refuse",
    shape(
        "Refuse", RefuseEntry,
        "id project task place at sort weight_kg vehicle destination is_overflowing by_label corrects",
        place_name="place.name",
    ),
    refuse_visible_to,
    view=[VIEW_TASKS],
    filters={
        "project_id": ids("project"), "place_id": ids("place"), "kind": Filter(choice(RefuseSort), "sort"),
        "since": Filter(Moment, "at__gte"), "until": Filter(Moment, "at__lt"),
    },
    sorts={"at": "at"},
)  # fmt: skip

DISINFECTIONS.expose(router)
Acts(router, DISINFECTIONS, [DO_TASKS]).add(
    actions.record_disinfection,
    {
        "place": ref(PLACES), "task": maybe(ref(TASKS, empty=True)), "at": maybe(Moment),
        "agent": column(DisinfectionEntry, "agent"), "concentration_mg_l": decimal(8, 1), "area_m2": decimal(8, 2),
        "batch": maybe(column(DisinfectionEntry, "batch")), "weather": maybe(column(DisinfectionEntry, "weather")),
        "signs_up_at": maybe(Moment | None), "signs_down_at": maybe(Moment | None), "reentry_at": maybe(Moment | None),
        "corrects": maybe(ref(DISINFECTIONS, empty=True)),
    },
)  # fmt: skip

REFUSE.expose(router)
Acts(router, REFUSE, [DO_TASKS]).add(
    actions.record_refuse,
    {
        "place": ref(PLACES), "task": maybe(ref(TASKS, empty=True)), "at": maybe(Moment), "sort": choice(RefuseSort),
        "weight_kg": decimal(7, 2), "vehicle": maybe(column(RefuseEntry, "vehicle")),
        "destination": maybe(column(RefuseEntry, "destination")), "is_overflowing": maybe(Bool),
        "corrects": maybe(ref(REFUSE, empty=True)),
    },
)  # fmt: skip
