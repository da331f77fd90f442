"""What a sticker can be on. Places are ours; apps above add their own kinds when they start."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from wuyou.domains.registry.models import Place


@dataclass(frozen=True, slots=True)
class Tagged:
    """A thing that carries a sticker: its name and where it is, as printed."""

    id: int
    name: str
    where: str


Loader = Callable[[int, Collection[int]], Mapping[int, Tagged]]  # (project id, ids) → those that are there


def tagged_places(project_id: int, ids: Collection[int]) -> dict[int, Tagged]:
    """Open places of a project by id, with the names of the places above them."""
    rows = list(Place.objects.filter(project_id=project_id, pk__in=ids, closed_on__isnull=True))
    steps = {row.path[:end] for row in rows for end in range(2 * Place.steplen, len(row.path), Place.steplen)}
    names = dict(Place.objects.filter(path__in=steps).values_list("path", "name"))
    return {row.pk: Tagged(row.pk, row.name, _where(row.path, names)) for row in rows}


def _where(path: str, names: Mapping[str, str]) -> str:
    ends = range(2 * Place.steplen, len(path), Place.steplen)
    return " ".join(names[path[:end]] for end in ends if path[:end] in names)


_loaders: dict[str, Loader] = {"place": tagged_places}


def register_kind(kind: str, loader: Loader) -> None:
    """Let things of a kind carry stickers."""
    _loaders[kind] = loader


def tagged(kind: str, *, project_id: int, ids: Collection[int]) -> Mapping[int, Tagged]:
    """The things of a kind that are there, by id; none of a kind nobody registered."""
    loader = _loaders.get(kind)
    return loader(project_id, ids) if loader else {}
