"""Contracts for tests."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from factories.org import ProjectFactory
from wuyou.domains.contracts.choices import ContractMode
from wuyou.domains.contracts.models import Contract, StaffingPromise


class ContractFactory(DjangoModelFactory):
    """Three years from December 2025 at a fixed price."""

    class Meta:
        model = Contract

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"CONTRACT-{n}")
    name = factory.Sequence(lambda n: f"物业服务合同{n}")
    client = "住房和城乡建设局"
    mode = ContractMode.FIXED
    starts_on = dt.date(2025, 12, 1)
    ends_on = dt.date(2028, 11, 30)
    yearly_fee_fen = 336_000_000
    bond_fen = 16_800_000


class StaffingPromiseFactory(DjangoModelFactory):
    """Ten guards."""

    class Meta:
        model = StaffingPromise

    contract = factory.SubFactory(ContractFactory)
    job = "保安员"
    heads = 10
