"""Draws: the list anybody concerned can check, the ceremony step by step, the record to download (spec 05: Draws)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.actions import drawing as actions
from wuyou.domains.quality.models import Campaign, Target
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries.draws import Owner, draws_visible_to, owner_of
from wuyou.domains.quality.queries.frames import KINDS
from wuyou.faces.console.acting import act
from wuyou.kernel.draws.choices import Allocation
from wuyou.kernel.draws.choices import State as DrawState
from wuyou.kernel.draws.flow import DRAW
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.queries import record_of
from wuyou.kernel.draws.record import digest
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.draws.words import sentence
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import ManyFilter
from wuyou.ui.visitor import user_of

from .campaign import ReasonForm
from .campaign_looks import DRAW_TONES, campaign_url, draw_url, series_url, target_url

MOST_UNITS = 200  # of a frame on the page; the record holds all
NEVER_A_PROBLEM = {"seed_not_revealed", "not_drawn", "abandoned"}  # of a ceremony that is not over


class DrawFilter(django_filters.FilterSet):
    """What draws may be looked for by."""

    state = ManyFilter(label=_("State"), choices=DrawState.choices)
    kind = ManyFilter(label=_("What is drawn"), choices=list(KINDS.items()))


class DrawList(ListPage):
    """Draws somebody may check, the newest first."""

    code = "quality.draws"
    title = _("Draws")
    sub = _("Everything drawn by lot can be drawn again from its published record.")
    icon = "arrows-shuffle"
    filters = DrawFilter
    columns = (
        Column("title", _("Draw"), lambda d: d.title, link=draw_url, sort="title", always=True),
        Column("state", _("State"), lambda d: d.get_state_display(), sort="state",
               cell=lambda d, v: cells.badge(v, DRAW_TONES[d.state])),
        Column("number", _("Units drawn"), lambda d: d.method["number"], numeric=True),
        Column("commitment", _("Commitment"), lambda d: d.commitment,
               cell=lambda v: cells.mono(f"{v[:12]}…")),
        Column("committed", _("Committed at"), lambda d: d.committed_at, cell=cells.moment, sort="committed_at"),
        Column("by", _("Committed by"), lambda d: d.committed_by_label, shown=False),
    )  # fmt: skip
    presets = (
        Preset("running", _("Not over"), "state=committed&state=drawn"),
        Preset("all", _("All"), ""),
    )

    def allowed(self) -> None:
        """Whoever sees inspections or plans campaigns somewhere."""
        if not has_permission(self.user, MANAGE_CAMPAIGNS):
            require(self.user, VIEW_INSPECTIONS)

    def rows(self) -> QuerySet[Draw]:
        """Visible draws."""
        return draws_visible_to(self.user).defer("frame", "sealed_seed", "result")

    def empty(self) -> Empty:
        """Where they come from."""
        return Empty(_now("No draws"), _now("Draws are made on the page of a campaign or of one of its projects."),
                     icon="arrows-shuffle")  # fmt: skip


def draw_for(request: HttpRequest, pk: int) -> Draw:
    """A visible draw, or 404."""
    found: Draw = get_object_or_404(draws_visible_to(user_of(request)), pk=pk)
    return found


def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The ceremony: commitment, word, draw, seed; each step with who and when, the result, how to check it."""
    draw, user = draw_for(request, pk), user_of(request)
    owner = owner_of(draw)
    may_conduct = may(policies.check_plan, user, owner.node)
    problems = [one for one in verify(record_of(draw)) if one.code not in NEVER_A_PROBLEM]
    context = {
        "draw": draw,
        "tone": DRAW_TONES[draw.state],
        "back": back_of(owner),
        "method": method_words(draw),
        "method_digest": digest(draw.method),
        "units": draw.frame[:MOST_UNITS],
        "units_total": len(draw.frame),
        "may_give_word": draw.waits_for_word and may(policies.check_give_word, user, draw),
        "may_draw": may_conduct and draw.state == DrawState.COMMITTED and not draw.waits_for_word,
        "may_reveal": may_conduct and draw.state == DrawState.DRAWN,
        "may_abandon": may_conduct and not DRAW.is_final(draw.state),
        "seed": record_of(draw)["seed"],
        "problems": [sentence(one) for one in problems],
        "word_form": WordForm(),
    }
    return render(request, "console/quality/draw.html", context)


def back_of(owner: Owner) -> str:
    """The page a draw belongs to."""
    row = owner.row
    if isinstance(row, Campaign):
        return campaign_url(row)
    return target_url(row) if isinstance(row, Target) else series_url(row)


def method_words(draw: Draw) -> list[str]:
    """The method in words, a line each."""
    method, units = draw.method, len(draw.frame)
    lines = [_now("%(number)d of %(units)d are drawn") % {"number": method["number"], "units": units}]
    lines.append(str(dict(Allocation.choices)[method["allocation"]]))
    if method["at_least_one"]:
        lines.append(_now("At least one of every stratum"))
    if method["is_weighted"]:
        lines.append(_now("The riskier, the likelier: by weight"))
    if method["needs_word"]:
        lines.append(_now("Somebody else adds a public word before it is drawn"))
    return lines


class WordForm(forms.Form):
    """The public word."""

    word = forms.CharField(
        label=_("Public word"), max_length=200,
        help_text=_("Anything that could not be known before: a headline of today, a number you roll."),
    )  # fmt: skip


class GiveWord(FormPage):
    """Give the public word of a draw somebody else committed."""

    title = _("Give the public word")
    form_class = WordForm
    submit = _("Give this word")

    @cached_property
    def drawn(self) -> Draw:
        """The draw of the address."""
        return draw_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Anybody who sees it and did not commit it."""
        policies.check_give_word(self.user, self.drawn)

    def back(self) -> str:
        """To the draw."""
        return draw_url(self.drawn)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Give it."""
        actions.give_word(self.drawn, word=data["word"], by=self.user)
        return self.done(_now("The word is given. Now it can be drawn."), to=self.back())


STEPS = {
    "draw": (actions.conduct_draw, _("It was drawn.")),
    "reveal": (actions.reveal_draw, _("The seed is published: everybody can draw again.")),
}


@require_POST
def draw_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Draw, or publish the seed."""
    draw = draw_for(request, pk)
    if step not in STEPS:
        raise Missing(_("There is no such action."))
    action, words = STEPS[step]
    return act(request, lambda: action(draw, by=user_of(request)), said=words, to=draw_url(draw))


class AbandonDraw(FormPage):
    """Give a draw up."""

    title = _("Abandon the draw")
    intro = _("It stays visible with this reason; projects it brought in are waived.")
    form_class = ReasonForm
    submit = _("Abandon")

    @cached_property
    def drawn(self) -> Draw:
        """The draw of the address."""
        return draw_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Who conducts it."""
        policies.check_plan(self.user, owner_of(self.drawn).node)

    def back(self) -> str:
        """To the draw."""
        return draw_url(self.drawn)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Abandon it."""
        actions.abandon_draw(self.drawn, reason=data["reason"], by=self.user)
        return self.done(_now("The draw was abandoned."), to=self.back())


def draw_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as a file, for `wuyou draw verify` and for whoever writes their own program."""
    draw = draw_for(request, pk)
    answer = JsonResponse(record_of(draw), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw.pk}.json"'
    return answer
