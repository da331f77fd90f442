"""Pictures of data: charts, plans with pins, years, matrices, months. Each is a value; `{% picture value %}` shows it.

Each can be read without seeing it (a table or list stands beside) and without scripts.
"""

from .charts import Chart, Limit, Series
from .gantt import Bar, Gantt, GanttRow, Mark
from .matrix import Cell, Matrix, MatrixRow
from .month import Event, Month
from .plan import Pin, PlanMap, Shape
from .scatter import Curve, Dot, Scatter

__all__ = [
    "Bar",
    "Cell",
    "Chart",
    "Curve",
    "Dot",
    "Event",
    "Gantt",
    "GanttRow",
    "Limit",
    "Mark",
    "Matrix",
    "MatrixRow",
    "Month",
    "Pin",
    "PlanMap",
    "Scatter",
    "Series",
    "Shape",
]
