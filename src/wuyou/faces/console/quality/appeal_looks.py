"""How appeals look and are called on pages; no rule lives here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import all_roles
from wuyou.domains.quality.choices import AppealState, Outcome
from wuyou.domains.quality.models import Appeal, AppealStage
from wuyou.domains.quality.queries.appeals import waiting_stage
from wuyou.domains.quality.queries.challenged import kind_of
from wuyou.domains.quality.queries.chances import appeals_shown_on, chance_of
from wuyou.domains.quality.rules.appeals import has_lapsed
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing

APPEAL_TONES: Mapping[str, str] = {
    AppealState.FILED: "info", AppealState.DECIDED: "ok", AppealState.WITHDRAWN: "muted",
}  # fmt: skip
OUTCOME_TONES: Mapping[str, str] = {Outcome.UPHOLD: "muted", Outcome.AMEND: "warn", Outcome.VOID: "bad"}
# pages of what can be appealed against; a kind without a page is named without a link
PAGES: Mapping[str, str] = {
    "finding": "console:quality:finding",
    "inspection": "console:quality:inspection",
    "appraisal.score": "console:appraisal:month",
    "appraisal.consequence": "console:appraisal:consequence",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A short text and its tone."""

    label: object
    tone: str


@dataclass(frozen=True, slots=True)
class Appealing:
    """What another page shows of appeals against its record: those there are, and the way to a new one."""

    appeals: list[Appeal]
    url: str
    until: object


def appeal_url(row: Appeal) -> str:
    """An appeal's page."""
    return reverse("console:quality:appeal", args=[row.pk])


def page_url(kind: str, pk: int) -> str:
    """The page of what can be challenged; empty where there is none."""
    try:
        return reverse(PAGES.get(kind, ""), args=[pk])
    except NoReverseMatch:
        return ""


def kind_label(code: str) -> str | Promise:
    """What a kind of decision is called; its code for one that is not declared any more."""
    try:
        return kind_of(code).label
    except Missing:
        return code


def standing_words(appeal: Appeal) -> Words:
    """Where an appeal stands, a lapsed step as lapsed whether or not a job has noted it."""
    if appeal.state == AppealState.DECIDED:
        return Words(appeal.get_outcome_display(), OUTCOME_TONES[appeal.outcome])
    if appeal.state == AppealState.WITHDRAWN:
        return Words(appeal.get_state_display(), "muted")
    stage = waiting_stage(list(appeal.stages.all()))
    if stage is None:
        return Words(_("Nobody is left to decide"), "bad")
    if has_lapsed(clock.now(), due=stage.due_at):
        return Words(_("No answer in time, goes up"), "bad")
    return Words(stage.get_step_display(), "info")


def due_of(appeal: Appeal) -> object:
    """Until when the step that waits has to be decided; None for an appeal that does not wait."""
    stage = waiting_stage(list(appeal.stages.all())) if appeal.state == AppealState.FILED else None
    return stage.due_at if stage else None


def stage_words(stage: AppealStage) -> Words:
    """How a step ended, or that it waits."""
    if stage.is_empty:
        return Words(_("Nobody there to decide"), "muted")
    if stage.outcome:
        return Words(stage.get_outcome_display(), OUTCOME_TONES[stage.outcome])
    if stage.lapsed_at or has_lapsed(clock.now(), due=stage.due_at):
        return Words(_("No answer in time"), "bad")
    return Words(_("To be decided"), "info")


def role_names() -> Callable[[str], str]:
    """Names of roles in the language active now, read once."""
    is_chinese = (get_language() or "").startswith("zh")
    names = {role.code: role.name_zh if is_chinese else role.name_en or role.name_zh for role in all_roles()}
    return lambda code: names.get(code, code)


def appealing(user: User, kind: str, pk: int) -> Appealing:
    """What the page of a finding, inspection or score shows of appeals against it."""
    chance = chance_of(user, kind, pk)
    url = reverse("console:quality:appeal_new", args=[kind, pk]) if chance else ""
    return Appealing(appeals_shown_on(user, kind, pk), url, chance.until if chance else None)
