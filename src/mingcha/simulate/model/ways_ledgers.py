"""Ways into public lists, complaints, problems, leads and returns."""

from __future__ import annotations

from datetime import date

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ledgers import Alert, Dial, Listing, Petition, Problem, Referral, Slip, Submission
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village
from mingcha.simulate.model.records import Records
from mingcha.simulate.model.ways import Ways


class LedgersWays(Ways):
    """Public lists, complaints, problems, leads, returns."""

    def listing(
        self, village: Village, program: str, channel: str, *, kind: str = "长期公示", since: date | None = None
    ) -> Listing:
        """An empty public list; a long-term list of that village, programme and channel replaces that of the base."""
        record = Listing(village, program, kind, channel, since or later(self.as_of, -40))
        self.records.listings.append(record)
        return record

    def petition(self, person: Person, topic: str, content: str, received: date, *, channel: str = "来信") -> Petition:
        """Writes down a petition that was taken up, answered and closed in time."""
        return petition(self.records, person, topic, content, received, channel)

    def slip(self, person: Person, title: str, content: str, received: date, *, kind: str = "咨询") -> Slip:
        """Writes down a slip of the hotline that was answered in time."""
        return slip(self.records, person, title, content, received, kind)

    def dial(self, on: date, *, unit: str = "", number: str = "") -> Dial:
        """Writes down a test call to the township's number that got through."""
        place = self.order + 1
        record = Dial(
            self.township.name, unit or f"{self.township.name}民政所", number or f"0370-000{place:04d}", f"{on} 10:15"
        )
        self.records.dials.append(record)
        return record

    def problem(self, title: str, category: str, found: date, due: date | str, *, unit: str = "") -> Problem:
        """Writes down a problem that is being mended; the unit is the township's government."""
        unit = unit or f"{self.township.name}人民政府"
        number = f"WT{found.year}{len(self.records.problems) + 1:04d}"
        record = Problem(
            number, "自查", found, category, title, unit, "刘玉成", "逐项核实整改", due, progress="正在推进"
        )
        self.records.problems.append(record)
        return record

    def refer(self, name: str, post: str, content: str, verified: date | None, *, result: str = "属实") -> Referral:
        """Writes down a lead, handed on five days after it was found true (where it was)."""
        number = f"XS{self.as_of.year}{len(self.records.referrals) + 1:04d}"
        found = later(verified or self.as_of, -20)
        record = Referral(number, self.township.name, name, post, content, found, verified, result)
        if verified is not None and result in {"属实", "部分属实"}:
            record.transferred_on = min(later(verified, 5), self.as_of)
            record.transferred_to, record.receipt = "县纪委监委", "是"
        self.records.referrals.append(record)
        return record

    def hand_in(self, kind: str, due: date, *, on: date | None = None, count: int | None = None) -> Submission:
        """Writes down what the township handed in, by default five days before it was due."""
        day = on or later(due, -5)
        period = f"{due.year}年第{(due.month + 2) // 3}季度"
        record = Submission(self.township.name, kind, period, due, day, day, count)
        self.records.submissions.append(record)
        return record

    def alert(self, person: Person, kind: str, content: str, sent: date, *, days: int = 30) -> Alert:
        """Writes down a warning sent down from above, to be answered in so many days."""
        record = Alert(person, "低保", kind, content, sent, later(sent, days))
        self.records.alerts.append(record)
        return record


def petition(records: Records, person: Person, topic: str, content: str, received: date, channel: str) -> Petition:
    """A petition told of after five days and closed after twenty."""
    number = f"XF{received.year}{len(records.petitions) + 1:05d}"
    told = later(received, 5)
    record = Petition(number, person, channel, received, topic, content, told, told, later(received, 20), "已答复")
    records.petitions.append(record)
    return record


def slip(records: Records, person: Person, title: str, content: str, received: date, kind: str) -> Slip:
    """A slip to be answered in a week and answered after three days."""
    place = len(records.slips) + 1
    record = Slip(
        f"GD{received.year}{received.month:02d}{place:06d}",
        person,
        f"100****{place:04d}",
        title,
        content,
        kind,
        f"{received} 09:{place % 60:02d}:00",
        f"{later(received, 7)} 18:00:00",
        f"{later(received, 3)} 15:20:00",
        "夏邑县民政局",
    )
    records.slips.append(record)
    return record
