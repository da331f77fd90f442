"""Errors in the language of whoever reads them."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Conflict, Invalid, filled


def test_an_error_fills_its_placeholders() -> None:
    assert str(Conflict("%(name)s was faster", name="王芳")) == "王芳 was faster"


def test_percent_signs_stay_without_placeholders() -> None:
    assert (str(Conflict("100 % done")), str(filled("100 % done"))) == ("100 % done", "100 % done")


def test_the_first_field_speaks_for_all() -> None:
    error = Invalid(fields={"a": filled("%(n)s is wrong", n=1), "b": "b"})
    assert str(error) == "1 is wrong"
    assert [(field.field, str(field.message)) for field in error.fields] == [("a", "1 is wrong"), ("b", "b")]


def test_a_filled_message_is_translated_when_it_is_read() -> None:
    month = filled("%(month)s!", month=_("May"))
    with translation.override("en"):
        assert str(month) == "May!"
    with translation.override("de"):
        assert str(month) == "Mai!"
