"""Equipment for tests."""

import factory
from factory.django import DjangoModelFactory

from factories.org import ProjectFactory
from wuyou.domains.assets.models import Asset


class AssetFactory(DjangoModelFactory):
    """A street lamp in service, standing nowhere in particular."""

    class Meta:
        model = Asset

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"D-{n:05d}")
    system = "照明"
    category = "路灯"
    name = factory.Sequence(lambda n: f"路灯{n}")
