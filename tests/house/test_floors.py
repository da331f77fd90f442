"""Imports and foreign keys point down (architecture: Floors)."""

import configparser
import itertools

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from importlinter.cli import lint_imports

from house.source import ROOT


def layers(contract: str) -> list[str]:
    """The packages of a contract from the top to the bottom, optional ones included."""
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(ROOT / ".importlinter", encoding="utf8")
    listed = rules[f"importlinter:contract:{contract}"]["layers"].replace("|", "\n").splitlines()
    return [name.strip().strip("()") for name in listed if name.strip()]


def rank() -> dict[str, int]:
    """How high an app stands; a foreign key may not point from a lower to a higher one."""
    upwards = [f"wuyou.kernel.{name}" for name in reversed(layers("kernel"))]
    upwards += [f"wuyou.domains.{name}" for name in reversed(layers("domains"))]
    return {name: height for height, name in enumerate(upwards)}


def test_imports_keep_the_floors(capsys: pytest.CaptureFixture[str]) -> None:
    broken = lint_imports(config_filename=str(ROOT / ".importlinter"), cache_dir=None, no_logo=True)
    assert broken == 0, capsys.readouterr().out


def test_no_two_packages_import_each_other() -> None:
    graph = grimp.build_graph("wuyou", cache_dir=None)
    rooms = set().union(*(graph.find_children(f"wuyou.{floor}") for floor in ("kernel", "domains", "faces")))
    pairs = itertools.combinations(sorted(rooms), 2)
    assert [pair for pair in pairs if graph_imports(graph, *pair) and graph_imports(graph, *pair[::-1])] == []


def graph_imports(graph: grimp.ImportGraph, one: str, other: str) -> bool:
    """Whether any module of `one` imports any of `other` directly."""
    inside = {one} | graph.find_descendants(one)
    target = {other} | graph.find_descendants(other)
    return any(graph.find_modules_directly_imported_by(module) & target for module in inside)


def references() -> list[tuple[type[models.Model], models.Field, str]]:
    """Every reference of ours from one app to another: (model, field, target model)."""
    ours = {config.label: config.name for config in apps.get_app_configs() if config.name.startswith("wuyou.")}
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ours:
            continue
        for field in model._meta.get_fields():
            related = field.related_model if field.is_relation and not field.auto_created else None
            if related and related._meta.app_label != model._meta.app_label:
                found.append((model, field, related._meta.label))
    return found


def name_of(label: str) -> str:
    """The package of an app by its label."""
    return str(apps.get_app_config(label).name)


def test_foreign_keys_point_down() -> None:
    height = rank()
    wrong = []
    for model, field, target in references():
        own, theirs = name_of(model._meta.app_label), name_of(target.split(".")[0])
        to_user = target == settings.AUTH_USER_MODEL and own.startswith("wuyou.domains.")
        if not to_user and (theirs not in height or height[own] < height[theirs]):
            wrong.append(f"{model._meta.label}.{field.name} -> {target}")
    assert wrong == []


def test_only_kernel_and_domains_keep_records() -> None:
    homes = {model.__module__.split(".")[1] for model in apps.get_models() if model.__module__.startswith("wuyou.")}
    assert homes <= {"kernel", "domains"}


def test_every_reference_protects_unless_it_says_why() -> None:
    """Business records are never deleted: a cascade is for parts of a whole in one app only."""
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model, field, _ in references()
        if getattr(field.remote_field, "on_delete", None) is models.CASCADE
    ]
    assert cascades == []
