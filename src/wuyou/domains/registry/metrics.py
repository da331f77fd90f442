"""Figures of the register (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

OCCUPIED_ROOMS = register(
    Metric(
        code="registry.occupied_rooms",
        name=_("Rooms lived in"),
        unit="%",
        direction="up",
        formula=_("Rooms in the state “lived in” ÷ open rooms"),
        source="registry.Room",
        grain="project",
        owner="project_manager",
    )
)
LICENCES_IN_FORCE = register(
    Metric(
        code="registry.licences_in_force",
        name=_("Licences in force"),
        unit="%",
        direction="up",
        formula=_("Licences of present staff that count today ÷ licences of present staff"),
        source="registry.Qualification",
        grain="project × day",
        owner="project_manager",
    )
)
