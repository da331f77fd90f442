"""The only writers of draws. They are called by the actions of cases, which check who may and keep the journal."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.transactions import action

from .choices import State
from .flow import DRAW
from .generator import WORD_LENGTH, new_seed, normal_word
from .models import Draw
from .queries import is_drawn_for
from .record import commitment_of, digest, frame_json, method_json, read_frame, read_method, redraw
from .sampling import Method, Unit, check_frame, check_method

Case = tuple[str, int, object]  # kind, id, label


@action
def commit(case: Case, *, kind: str, title: str, frame: Sequence[Unit], method: Method, by: Actor) -> Draw:
    """Fix frame and method, make a seed nobody sees, and give the commitment to publish (spec 05: Draws).

    `kind` says what is drawn. Raises Invalid for a frame that is empty or contradicts itself, or a method it cannot
    serve; Conflict when this was drawn for the case already: drawing again until it suits is no draw.
    """
    check_frame(frame)
    check_method(method, frame)
    seed, listed, how = new_seed(), frame_json(frame), method_json(method)
    frame_digest = digest(listed)
    case_kind, case_id, label = case
    draw = Draw(
        case_kind=case_kind,
        case_id=case_id,
        case_label=str(label)[:120],
        kind=kind,
        title=title[:200],
        method=how,
        frame=listed,
        frame_digest=frame_digest,
        commitment=commitment_of(seed, frame_digest, digest(how)),
        sealed_seed=seed,
        committed_at=clock.now(),
        committed_by_id=by.actor_id,
        committed_by_label=by.actor_label[:120],
    )
    return _written(draw)


def _written(draw: Draw) -> Draw:
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
    except IntegrityError as error:
        if not is_drawn_for(draw.case_kind, draw.case_id, kind=draw.kind):
            raise
        message = _("This was drawn already. Drawing again means abandoning the first draw, with a reason.")
        raise Conflict(message) from error
    return draw


@action
def give_word(draw: Draw, *, word: str, by: Actor) -> None:
    """Let somebody who did not commit the seed add a public word, once, before the draw.

    Raises Denied to whoever committed, Invalid for an empty or long word, IllegalMove where no word is waited for,
    Conflict when somebody else was faster.
    """
    if by.actor_id == draw.committed_by_id:
        raise Denied(_("The public word comes from somebody else than the one who committed the seed."))
    text = normal_word(word)
    if not 1 <= len(text) <= WORD_LENGTH or not text.isprintable():
        raise Invalid(fields={"word": _("A public word has 1 to 200 printable characters.")})
    if not draw.needs_word or draw.state != State.COMMITTED:
        raise IllegalMove(_("This draw does not wait for a public word."))
    values = {"word": text, "word_at": clock.now(), "word_by_id": by.actor_id, "word_by_label": by.actor_label[:120]}
    waiting = Draw.objects.filter(pk=draw.pk, state=State.COMMITTED, word="")
    if waiting.update(**values) != 1:
        raise Conflict(_("Somebody else has given a word already."))
    for name, value in values.items():
        setattr(draw, name, value)


@action
def conduct(draw: Draw, *, by: Actor) -> Draw:
    """Draw from what was committed to; the result is fixed by seed, word, method and frame.

    Raises Conflict while a promised word is missing, when the frame was changed since, or when it was drawn before.
    """
    draw.refresh_from_db()
    DRAW.check("draw", draw.state)
    if draw.waits_for_word:
        raise Conflict(_("A public word was promised: somebody has to give it first."))
    if digest(draw.frame) != draw.frame_digest or not _is_kept(draw):
        raise Conflict(_("The frame or the method was changed after the commitment: this draw can only be abandoned."))
    result = redraw(read_frame(draw.frame), read_method(draw.method), seed=draw.sealed_seed, word=draw.word)
    flows.claim(draw, DRAW, "draw", result=result, drawn_at=clock.now())
    return draw


def _is_kept(draw: Draw) -> bool:
    return draw.commitment == commitment_of(draw.sealed_seed, draw.frame_digest, digest(draw.method))


@action
def reveal(draw: Draw, *, by: Actor) -> Draw:
    """Publish the seed; raises IllegalMove before the draw: a seed known early makes a draw worthless."""
    flows.claim(draw, DRAW, "reveal", revealed_at=clock.now())
    return draw


@action
def abandon(draw: Draw, *, reason: str, by: Actor) -> Draw:
    """Give a draw up for a reason that stays visible; raises Invalid without one, IllegalMove once it is published."""
    flows.claim(draw, DRAW, "abandon", abandoned_because=reason.strip()[:300], abandoned_at=clock.now())
    return draw
