"""Random schemes as JSON documents and random months for them: hypothesis strategies."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from factories.appraisals import MARCH, words
from wuyou.domains.appraisal.rules.inputs import Claim, Days, Happening, Inputs, Standing, Verdict, reading
from wuyou.domains.appraisal.rules.scheme import Component, Scheme
from wuyou.kernel.explain import Node

LEAVES = ("events", "inspections", "metric", "panel", "survey", "count", "manual", "scheme", "letter")
METHODS = ("mean", "trimmed_mean", "median", "min", "share_above", "last")
NAME = {"zh": "名", "en": "name"}


def amounts(low: str, high: str, places: int = 2) -> st.SearchStrategy[str]:
    """Decimal numbers as text."""
    return st.decimals(low, high, places=places).map(lambda number: format(number, "f"))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A scheme that is well formed and makes sense."""
    keys = iter(range(1000))
    tables: list[dict[str, Any]] = []
    total = draw(components(keys, tables, depth=0, weight="100"))
    return {
        "code": "random", "name": NAME, "subject": "project", "total": total, "tables": tables,
        "bands": draw(bands()),
        "vetoes": [
            {"key": "v_claim", "name": NAME, "at_most": "low", "tests": draw(tests("loss"))},
            {"key": "v_plain", "name": NAME, "at_most": "middle"},
            {"key": "v_figure", "name": NAME, "at_most": "low", "is_figure": True,
             "tests": [*draw(tests("loss")), {"fact": "share", "op": ">", "than": "40"}]},
        ],
        "consequences": draw(consequences()),
        "presence": {"partial": draw(st.sampled_from(["full", "pro_rata"])), "min_days": draw(st.integers(0, 20))},
        "unrated_breaks_streak": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def bands(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Three bands, sometimes with the middle one for a gap."""
    cut = sorted(draw(st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True)))
    low, high = (str(number) for number in cut)
    middle = draw(st.sampled_from([{"is_gap": True}, {"low": low, "high": high}]))
    return [
        {"code": "high", "name": NAME, "low": high},
        {"code": "middle", "name": NAME, **middle},
        {"code": "low", "name": NAME, "high": low},
    ]


@st.composite
def tests(draw: st.DrawFn, fact: str) -> list[dict[str, str]]:
    """Tests on a fact, perhaps none."""
    one = st.builds(
        lambda op, than: {"fact": fact, "op": op, "than": than},
        st.sampled_from([">", ">=", "<", "<="]),
        amounts("0", "9"),
    )
    return draw(st.lists(one, min_size=1, max_size=2))


@st.composite
def consequences(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Charges, rewards and acts."""
    share = draw(amounts("0.01", "100"))
    rows = [
        {"kind": "bond_charge", "money": {"base": "bond", "share": share}},
        {"kind": "bond_charge", "money": {"base": "bond", "share": "1"}},
        {"kind": "termination", "money": {"base": "bond_balance", "share": "100"}},
        {"kind": "bonus", "money": {"base": "fee", "share": share}},
        {"kind": "penalty", "money": {"base": "fixed", "amount_fen": 777}},
        {"kind": "notice"},
        {"kind": "preference"},
    ]
    some = st.lists(st.sampled_from(["high", "middle", "low"]), min_size=1, max_size=3, unique=True)
    return [
        {"key": f"c{index}", "name": NAME, "bands": draw(some), "in_a_row": draw(st.integers(1, 4)), **row}
        for index, row in enumerate(rows)
    ]


@st.composite
def components(draw: st.DrawFn, keys: Any, tables: list[dict[str, Any]], *, depth: int, weight: str) -> dict[str, Any]:
    """One component with its parts."""
    part: dict[str, Any] = {
        "key": f"k{next(keys)}", "name": NAME, "weight": weight,
        "absence": draw(st.sampled_from(["not_rated", "zero", "redistribute", "redistribute"])),
    }  # fmt: skip
    if draw(st.booleans()):
        part |= {"floor": draw(st.sampled_from([None, "-50", "0"])), "cap": draw(st.sampled_from([None, "100", "120"]))}
    if draw(st.integers(0, 3)) == 0:
        part["places"] = draw(st.integers(0, 3))
    is_parent = depth < 2 and draw(st.booleans())
    if is_parent:
        shares = draw(st.sampled_from([["100"], ["60", "40"], ["33.33", "33.33", "33.34"], ["12.5", "87.5"]]))
        parts = [draw(components(keys, tables, depth=depth + 1, weight=share)) for share in shares]
        part["source"] = {"kind": "parts", "parts": parts}
    else:
        part["source"] = draw(sources())
    if part["source"]["kind"] == "events" or draw(st.integers(0, 2)) == 0:
        part["table"] = f"t{len(tables)}"
        tables.append(draw(point_tables(part["table"])))
    return part


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    """A source that is no parent."""
    kind = draw(st.sampled_from(LEAVES))
    source: dict[str, Any] = {"kind": kind, "eased": draw(st.booleans())}
    if kind == "panel":
        source["groups"] = {"people": draw(st.integers(1, 9))}
    if kind in {"metric", "scheme"}:
        source["code"] = "known"
    if kind == "count":
        source["code"] = "complaints"
    if kind == "count" or (kind not in {"events", "metric"} and draw(st.booleans())):
        zero, full = draw(st.lists(amounts("-10", "150"), min_size=2, max_size=2, unique_by=Decimal))
        source["scoring"] = {"zero": zero, "full": full}
    if kind == "survey":
        source["gathering"] = {"method": "share"}
    elif kind != "events":
        source["gathering"] = draw(gatherings())
    return source


@st.composite
def gatherings(draw: st.DrawFn) -> dict[str, Any]:
    """How values become one."""
    method = draw(st.sampled_from(METHODS))
    found: dict[str, Any] = {"method": method}
    if method == "trimmed_mean":
        found |= {"drop_high": draw(st.integers(0, 2)), "drop_low": draw(st.integers(1, 2)), "at_least": 3}
    if method == "share_above":
        found["threshold"] = draw(amounts("0", "100"))
    return found


@st.composite
def point_tables(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """A table with a capped, a free and a bonus line."""
    return {
        "key": key, "name": NAME,
        "factors": {"complaint": draw(amounts("0.5", "3"))}, "ceiling": draw(amounts("1", "3")),
        "lines": [
            {"item": item, "name": NAME, "event": NAME, "points": draw(amounts("0.01", "5")), **more}
            for item, more in (("a", {"cap": "7.5"}), ("b", {}), ("c", {"cap": "5", "is_bonus": True}))
        ],
    }  # fmt: skip


# --- months


@st.composite
def months(draw: st.DrawFn, scheme: Scheme) -> Inputs:
    """A month of a scheme; components may be without data."""
    bonds = st.integers(0, 10**12)
    return Inputs(
        MARCH,
        readings={part.key: draw(readings(part)) for part in scheme.components()},
        events={part.key: draw(st.lists(happenings(), max_size=5)) for part in scheme.components() if part.table},
        figures={"share": Node("share", words("share"), draw(numbers))} if draw(st.booleans()) else {},
        claims=draw(st.lists(claims(), max_size=2)),
        earlier=[
            Standing(MARCH.shifted(-index), band)
            for index, band in enumerate(draw(st.lists(st.sampled_from(["high", "middle", "low", ""]), max_size=5)), 1)
        ],
        money=draw(st.fixed_dictionaries({}, optional={"bond": bonds, "bond_balance": bonds, "fee": bonds})),
        days=draw(st.none() | st.integers(0, 31).map(lambda present: Days(present, 31))),
        verdict=draw(st.none() | st.none() | st.builds(Verdict, st.none() | numbers, st.just(words("appeal")))),
    )


numbers = st.decimals(0, 100, places=2)


@st.composite
def readings(draw: st.DrawFn, part: Component) -> list[Any]:
    """Values of one component."""
    count = draw(st.integers(0, 5))
    groups = (
        ["all"] * count
        if part.source.kind != "survey"
        else [draw(st.sampled_from(["yes", "all"])) for _ in range(count)]
    )
    return [
        reading(
            f"r{index}",
            draw(numbers),
            group=group,
            weight=Decimal(draw(st.sampled_from(["1", "1", "0", "2.5"]))),
            ease=Decimal(draw(st.sampled_from(["1", "0.8", "1.25", "3"]))),
        )
        for index, group in enumerate(groups)
    ]


def happenings() -> st.SearchStrategy[Happening]:
    """Events of the tables above."""
    return st.builds(
        Happening,
        st.sampled_from("abc"),
        st.just(words("event")),
        quantity=st.decimals(0, 20, places=1),
        origin=st.sampled_from(["", "complaint", "other"]),
    )


def claims() -> st.SearchStrategy[Claim]:
    """Recorded vetoes."""
    facts = st.dictionaries(st.sampled_from(["loss", "injured"]), numbers)
    return st.builds(Claim, st.sampled_from(["v_claim", "v_plain", "other"]), st.just(words("veto")), facts)
