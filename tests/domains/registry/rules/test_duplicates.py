"""Likely the same person: shown, never guessed."""

from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules.duplicates import Known, Likeness, likely_duplicates


def test_what_people_may_share() -> None:
    persons = [
        Known(1, "张三", phone_digest="p"),
        Known(2, "李四", phone_digest="p", identity_digest="i"),
        Known(3, "王五", identity_digest="i"),
        Known(4, "赵六", rooms=frozenset({7, 8})),
        Known(5, "赵六", rooms=frozenset({8})),
        Known(6, "赵六", rooms=frozenset({9})),
        Known(7, "钱七"),
        Known(8, "钱七"),
    ]
    assert likely_duplicates(persons) == [
        Likeness((2, 3), "identity"),
        Likeness((1, 2), "phone"),
        Likeness((4, 5), "name_room"),
    ]


@given(st.lists(st.tuples(st.sampled_from(["", "p", "q"]), st.sampled_from(["", "i"])), max_size=8))
def test_only_those_who_share_are_named(marks: list[tuple[str, str]]) -> None:
    persons = [Known(number, f"n{number}", phone, identity) for number, (phone, identity) in enumerate(marks)]
    for found in likely_duplicates(persons):
        shared = {
            (persons[pk].phone_digest if found.why == "phone" else persons[pk].identity_digest) for pk in found.ids
        }
        assert len(found.ids) > 1
        assert len(shared) == 1
        assert "" not in shared
