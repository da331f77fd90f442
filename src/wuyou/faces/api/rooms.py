"""The rooms of the API, one per domain, in the order in which they are described."""

from ninja import Router

from .appraisal import router as appraisal
from .assets import router as assets
from .contracts import router as contracts
from .org import router as org
from .quality import router as quality
from .registry import router as registry
from .sheets import router as sheets
from .standards import router as standards
from .system import router as system
from .work import router as work

ROOMS: tuple[tuple[str, Router], ...] = (
    ("org", org),
    ("registry", registry),
    ("assets", assets),
    ("standards", standards),
    ("sheets", sheets),
    ("contracts", contracts),
    ("work", work),
    ("quality", quality),
    ("appraisal", appraisal),
    ("system", system),
)
