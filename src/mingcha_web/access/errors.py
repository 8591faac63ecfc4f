"""What services raise; the pages show the sentence."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Something a user can understand and mend. sentence: plain Chinese, without personal data."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(WorkbenchError):
    """The policy table or a rule of the procedure forbids it (for instance reviewing one's own verification)."""

    status = 403


class WrongState(WorkbenchError):
    """The thing is not in a state in which this can be done."""

    status = 409


class StaleEdit(WorkbenchError):
    """Somebody else changed it meanwhile.

    changes   field label → (as the user saw it, as it is now)
    """

    status = 409

    def __init__(self, sentence: str, changes: dict[str, tuple[str, str]] | None = None) -> None:
        super().__init__(sentence)
        self.changes = changes or {}
