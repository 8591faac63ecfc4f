"""Ways into the ledger of applications."""

from __future__ import annotations

from datetime import date

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ledgers import Application
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.ways import Ways

#: the ordinary course: how many days before the decision each step is taken, every limit kept even over a long feast
_COURSE = {
    "apply_on": 26,
    "accepted_on": 25,
    "survey_on": 24,
    "check_asked_on": 24,
    "check_started_on": 23,
    "check_back_on": 18,
    "township_opinion_on": 15,
    "publish_from": 14,
    "publish_to": 7,
    "county_received_on": 6,
}
#: an ordinary visit of the county, days before the decision
_COUNTY_VISIT = 3
_HANDLERS = ("孙建华", "周敏", "刘晓燕")


class ProcedureWays(Ways):
    """Applications."""

    def apply(self, person: Person, program: str, decided: date, *, visited: bool = True) -> Application:
        """Writes down an application that ran its ordinary course to a confirmation on that day.

        visited  whether the county went to see the household before it decided
        """
        serial = len(self.records.applications) + 1
        handlers = self.handlers()
        record = Application(
            f"SL{decided.year}{serial:06d}",
            person,
            person.village,
            program,
            decided_on=decided,
            handler=handlers[serial % len(handlers)],
            investigators="、".join(handlers[:2]),
            approver="王学礼",
        )
        for step, days in _COURSE.items():
            setattr(record, step, later(decided, -days))
        if visited:
            record.county_visit_on = later(decided, -_COUNTY_VISIT)
            record.sampled = "是"
        self.records.applications.append(record)
        return record

    def handlers(self) -> list[str]:
        """The names of those who handle applications in the township."""
        if not self.handler_names:
            kind = "乡镇民政工作人员"
            mine = [o for o in self.records.officers if o.township == self.township.name and o.kind == kind]
            self.handler_names = [officer.person.name for officer in mine] or list(_HANDLERS)
        return self.handler_names
