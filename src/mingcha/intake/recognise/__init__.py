"""Recognition: which dataset a sheet is, and which column is which field.

From exact headers to loose ones to value profiles, title row, sheet, file and folder name; below a margin it asks
instead of guessing. What a person writes in a mapping file comes before all of it.
"""

from mingcha.intake.recognise.context import Context, build_context
from mingcha.intake.recognise.forms import unfold_forms
from mingcha.intake.recognise.headers import fingerprint
from mingcha.intake.recognise.plan import plan_sheet

__all__ = ["Context", "build_context", "fingerprint", "plan_sheet", "unfold_forms"]
