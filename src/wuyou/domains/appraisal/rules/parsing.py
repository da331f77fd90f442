"""A scheme from its JSON form, strictly: every error is named by its pointer (spec 06; docs/reference/schemes.md)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import (
    Absence,
    Aggregation,
    ConsequenceKind,
    MoneyBase,
    Partial,
    RollGrain,
    RollMethod,
    SourceKind,
    SubjectKind,
)
from wuyou.kernel.errors import Invalid

from .fields import Fields
from .operations import TESTS
from .scheme import (
    HUNDRED,
    Band,
    Component,
    ConsequenceRule,
    Gathering,
    Line,
    Linear,
    Money,
    Presence,
    Ranking,
    RollUp,
    Scheme,
    Source,
    Split,
    Table,
    Test,
    VetoRule,
)

FORMAT = 1
MOST_DEPTH = 6
ONE = Decimal(1)
ZERO = Decimal(0)


def parse_scheme(data: object) -> Scheme:
    """The scheme of a JSON document; raises Invalid with one message per JSON pointer.

    Only the form is checked here; whether the scheme makes sense is `rules.validation`.
    """
    wrong: dict[str, object] = {}
    top = Fields(data, "", wrong)
    if top.whole("format", FORMAT) != FORMAT:
        top.say("format", _("This version of the product reads format 1."))
    scheme = _scheme(top)
    top.close()
    if wrong:
        raise Invalid(fields=wrong)
    return scheme


def _scheme(top: Fields) -> Scheme:
    return Scheme(
        code=top.key("code"),
        name=top.words("name"),
        subject=top.choice("subject", SubjectKind),
        total=_component(top.inner("total"), depth=0),
        tables=tuple(_table(one) for one in top.each("tables")),
        vetoes=tuple(_veto(one) for one in top.each("vetoes")),
        bands=tuple(_band(one) for one in top.each("bands")),
        consequences=tuple(_consequence(one) for one in top.each("consequences")),
        rollups=tuple(_rollup(one) for one in top.each("rollups")),
        presence=_presence(top),
        ranking=_ranking(top),
        split=_split(top),
        unrated_breaks_streak=top.flag("unrated_breaks_streak", True),
        appeal_days=top.whole("appeal_days", 7, low=0, high=90),
    )


def _component(at: Fields, *, depth: int) -> Component:
    part = Component(
        key=at.key("key"),
        name=at.words("name"),
        source=_source(at.inner("source"), depth=depth),
        weight=at.number("weight", HUNDRED),
        table=at.key("table", ""),
        floor=at.number_or_none("floor", ZERO),
        cap=at.number_or_none("cap", HUNDRED),
        absence=at.choice("absence", Absence, Absence.NOT_RATED),
        places=at.whole("places", low=0, high=6) if at.has("places") else None,
    )
    at.close()
    return part


def _source(at: Fields, *, depth: int) -> Source:
    source = Source(
        kind=at.choice("kind", SourceKind),
        parts=_parts(at, depth=depth),
        start=at.number("start", HUNDRED),
        levels=at.numbers("levels"),
        code=at.text("code", ""),
        groups=at.wholes("groups"),
        gathering=_gathering(at),
        scoring=_linear(at),
        eased=at.flag("eased", False),
        months=at.whole("months", 1, low=1, high=12),
    )
    at.close()
    return source


def _parts(at: Fields, *, depth: int) -> tuple[Component, ...]:
    if depth >= MOST_DEPTH and at.listed("parts"):
        at.say("parts", _("Parts are nested too deeply."))
        return ()
    return tuple(_component(one, depth=depth + 1) for one in at.each("parts"))


def _gathering(at: Fields) -> Gathering:
    if not at.has("gathering"):
        return Gathering()
    inner = at.inner("gathering")
    rule = Gathering(
        method=inner.choice("method", Aggregation),
        drop_high=inner.whole("drop_high", 0, high=100),
        drop_low=inner.whole("drop_low", 0, high=100),
        at_least=inner.whole("at_least", 3, low=1, high=1000),
        threshold=inner.number("threshold", ZERO),
    )
    inner.close()
    return rule


def _linear(at: Fields) -> Linear | None:
    if not at.has("scoring"):
        return None
    inner = at.inner("scoring")
    line = Linear(zero=inner.number("zero"), full=inner.number("full"))
    inner.close()
    return line


def _table(at: Fields) -> Table:
    table = Table(
        key=at.key("key"),
        name=at.words("name"),
        lines=tuple(_line(one) for one in at.each("lines")),
        factors=at.numbers("factors"),
        ceiling=at.number("ceiling", ONE),
    )
    at.close()
    return table


def _line(at: Fields) -> Line:
    line = Line(
        item=at.key("item"),
        name=at.words("name"),
        event=at.words("event"),
        points=at.number("points"),
        cap=at.number_or_none("cap", None),
        is_bonus=at.flag("is_bonus", False),
    )
    at.close()
    return line


def _veto(at: Fields) -> VetoRule:
    rule = VetoRule(
        key=at.key("key"),
        name=at.words("name"),
        at_most=at.key("at_most"),
        tests=tuple(_test(one) for one in at.each("tests")),
        is_figure=at.flag("is_figure", False),
    )
    at.close()
    return rule


def _test(at: Fields) -> Test:
    test = Test(fact=at.key("fact"), op=at.text("op"), than=at.number("than"))
    if test.op not in TESTS:
        at.say("op", _("This must be one of: >, >=, <, <=."))
    at.close()
    return test


def _band(at: Fields) -> Band:
    band = Band(
        code=at.key("code"),
        name=at.words("name"),
        low=at.number_or_none("low", None),
        high=at.number_or_none("high", None),
        is_gap=at.flag("is_gap", False),
        tone=at.text("tone", ""),
    )
    at.close()
    return band


def _consequence(at: Fields) -> ConsequenceRule:
    rule = ConsequenceRule(
        key=at.key("key"),
        name=at.words("name"),
        kind=at.choice("kind", ConsequenceKind),
        bands=at.keys("bands"),
        in_a_row=at.whole("in_a_row", 1, low=1, high=60),
        money=_money(at),
    )
    at.close()
    return rule


def _money(at: Fields) -> Money | None:
    if not at.has("money"):
        return None
    inner = at.inner("money")
    money = Money(
        base=inner.choice("base", MoneyBase),
        share=inner.number("share", ZERO),
        amount_fen=inner.whole("amount_fen", 0),
    )
    inner.close()
    return money


def _rollup(at: Fields) -> RollUp:
    rule = RollUp(
        grain=at.choice("grain", RollGrain),
        method=at.choice("method", RollMethod, RollMethod.MEAN),
        at_least=at.whole("at_least", 1, low=1, high=12),
    )
    at.close()
    return rule


def _presence(top: Fields) -> Presence:
    if not top.has("presence"):
        return Presence()
    at = top.inner("presence")
    rule = Presence(
        partial=at.choice("partial", Partial, Partial.FULL), min_days=at.whole("min_days", 0, low=0, high=31)
    )
    at.close()
    return rule


def _ranking(top: Fields) -> Ranking | None:
    if not top.has("ranking"):
        return None
    at = top.inner("ranking")
    rule = Ranking(last=at.whole("last", low=1, high=100), min_class=at.whole("min_class", low=2, high=1000))
    at.close()
    return rule


def _split(top: Fields) -> Split | None:
    if not top.has("split"):
        return None
    at = top.inner("split")
    rule = Split(supervisor=at.number("supervisor"))
    at.close()
    return rule
