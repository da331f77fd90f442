"""Sheets for tests."""

import factory
from factory.django import DjangoModelFactory

from wuyou.domains.sheets.choices import AnswerType, SheetState
from wuyou.domains.sheets.models import Item, Sheet, SheetVersion
from wuyou.kernel import clock


class SheetFactory(DjangoModelFactory):
    """A shipped sheet of no activity."""

    class Meta:
        model = Sheet

    code = factory.Sequence(lambda n: f"sheet-{n}")
    name_zh = factory.Sequence(lambda n: f"检查表{n}")


class SheetVersionFactory(DjangoModelFactory):
    """A draft; `issued=True` makes it one that is in use."""

    class Meta:
        model = SheetVersion

    class Params:
        issued = factory.Trait(state=SheetState.ISSUED, issued_on=factory.LazyFunction(clock.today))

    sheet = factory.SubFactory(SheetFactory)
    number = factory.LazyAttribute(lambda o: o.sheet.versions.count() + 1)


class ItemFactory(DjangoModelFactory):
    """A question to be answered with pass or fail."""

    class Meta:
        model = Item

    version = factory.SubFactory(SheetVersionFactory)
    position = factory.LazyAttribute(lambda o: o.version.items.count() + 1)
    code = factory.Sequence(lambda n: f"item-{n}")
    text_zh = "完好"
    answer_type = AnswerType.PASS_FAIL
