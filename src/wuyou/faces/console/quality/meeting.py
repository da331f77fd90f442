"""The monthly quality meeting pack: as a page, as PDF and as Word (spec 05, 12: reports)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.queries.meeting import Meeting, meeting, meeting_nodes
from wuyou.domains.quality.rules.meeting import Month, last_month, month_of
from wuyou.kernel import clock, evidence
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui import scope
from wuyou.ui.papers import Block, Figures, Heading, Paper, Picture, Pictures, Signatures, Table, Text, response
from wuyou.ui.visitor import user_of
from wuyou.ui.wording import when

from .meeting_parts import Part, figures_of, pack_url, parts_of
from .proofs import proofs_shown

CHAIR, SECRETARY = _("Chair"), _("Minute taker")


def asked(request: HttpRequest) -> tuple[Node, Month]:
    """The node and month of the address: else the highest node, or the project looked at, and the month before.

    Raises Denied, Missing for a node whose meeting is not the person's to prepare, Invalid for a month that is none.
    """
    user = user_of(request)
    require(user, MANAGE_IMPROVEMENT)
    nodes = meeting_nodes(user)
    given, project = request.GET.get("node", ""), scope.of(request).project
    if given:
        if not given.isdecimal():
            raise Missing(_("There is no such node."))
        node: Node = get_object_or_404(nodes, pk=given)
    else:
        own = nodes.filter(pk=project.node_id).first() if project else None
        node = own or get_object_or_404(nodes[:1])
    today = clock.today()
    month = request.GET.get("month", "")
    return node, month_of(month, today=today) if month else last_month(today)


@require_GET
def meeting_page(request: HttpRequest) -> HttpResponse:
    """The pack to look at, with the way to its files."""
    node, month = asked(request)
    user = user_of(request)
    pack = meeting(user, node, month)
    following = month.following
    context = {
        "pack": pack,
        "title": title_of(pack),
        "figures": figures_of(pack),
        "parts": [(part, proofs_shown([row for row, _caption in part.photos])) for part in parts_of(pack)],
        "nodes": [(one, pack_url(one.pk, month), one.pk == node.pk) for one in meeting_nodes(user)],
        "before": pack_url(node.pk, month.before),
        "after": pack_url(node.pk, following) if following.first <= clock.today() else "",
        "files": {form: pack_url(node.pk, month, form) for form in ("pdf", "word")},
    }
    return render(request, "console/quality/meeting.html", context)


def title_of(pack: Meeting) -> str:
    """What the pack is called."""
    words = {"node": pack.node.name, "month": str(pack.month)}
    return _now("Quality meeting · %(node)s · %(month)s") % words


@require_GET
def meeting_paper(request: HttpRequest, form: str) -> HttpResponse:
    """The pack as a file; in Word it can be written on."""
    node, month = asked(request)
    pack = meeting(user_of(request), node, month)
    return response(paper_of(pack), form=form, name=title_of(pack).replace(" · ", "-"))


def paper_of(pack: Meeting) -> Paper:
    """The pack as a paper."""
    blocks: list[Block] = [Figures(figures_of(pack))]
    for part in parts_of(pack):
        blocks += _blocks(part)
    blocks += [Heading(_now("Resolutions")), Text(_now("(to be filled in at the meeting)"), is_note=True)]
    blocks.append(Signatures([CHAIR, SECRETARY]))
    meta = [(_now("Where"), pack.node.name), (_now("Month"), str(pack.month)), (_now("As of"), when(pack.made_at))]
    return Paper(_now("Monthly quality meeting"), blocks, subtitle=pack.node.name, meta=meta)


def _blocks(part: Part) -> list[Block]:
    """A part as blocks; a table without rows says so."""
    found: list[Block] = [Heading(part.title), *(Text(said) for said in part.says)]
    if part.rows:
        align = ["right" if place in part.numeric else "left" for place in range(len(part.head))]
        found.append(Table(part.head, [cells for cells, _url in part.rows], align=align))
    elif part.head and not part.says:
        found.append(Text(_now("None.")))
    if part.photos:
        found.append(Pictures([Picture(_bytes(row), caption) for row, caption in part.photos]))
    return found


def _bytes(row: Evidence) -> bytes:
    with evidence.served_file(row) as file:
        return file.read()
