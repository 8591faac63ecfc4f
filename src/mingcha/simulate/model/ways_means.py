"""Ways to give people income, property and supporters."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model.days import later
from mingcha.simulate.model.holdings import Car, Check, Estate, Firm, Job, Pension
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Worker
from mingcha.simulate.model.ways import Ways


class MeansWays(Ways):
    """Income, property, supporters."""

    def pension(
        self, person: Person, amount: str, *, base: str | None = None, kind: str = "企业职工基本养老保险"
    ) -> Pension:
        """A pension of so many yuan a month, base of it 基础养老金."""
        record = Pension(person, kind, Decimal(amount), Decimal(base) if base is not None else None)
        self.records.pensions.append(record)
        return record

    def wage(self, person: Person, monthly: str, *, months: int = 3) -> Check:
        """A wage as the tax office knows it, for the months up to the last that is over."""
        record = self.check(person)
        record.taxed = Decimal(monthly) * months
        record.months = (self.month(months), self.month(1))
        return record

    def check(self, person: Person) -> Check:
        """An answer of the check centre, of three weeks ago; what it says is for the caller to set."""
        record = Check(person, later(self.as_of, -21))
        self.records.checks.append(record)
        return record

    def pay(self, person: Person) -> Worker:
        """A teacher's place on the public pay list."""
        record = Worker(person, f"{self.township.short}中心小学", "事业编制", "教师", "在职", Decimal("4150.00"))
        self.records.workers.append(record)
        return record

    def job(self, person: Person) -> Job:
        """A job at a factory, registered some time ago."""
        record = Job(person, "夏邑县恒丰纺织厂", later(self.as_of, -240))
        self.records.jobs.append(record)
        return record

    def homes(self, count: int, *owners: Person) -> None:
        """So many houses, each owned by all of these together."""
        for _ in range(count):
            serial = len(self.records.estates) + 1
            place = f"夏邑县城关镇文化路{serial}号院3号楼"
            share = "共同共有" if len(owners) > 1 else "单独所有"
            self.records.estates.extend(Estate(owner, place, later(self.as_of, -900), share) for owner in owners)

    def car(self, person: Person) -> Car:
        """A small car."""
        record = Car(person, f"豫NY{len(self.records.cars) + 1:04d}虚", later(self.as_of, -700))
        self.records.cars.append(record)
        return record

    def firm(self, person: Person, *, is_owner: bool = False) -> Firm:
        """A shop, or a company the person has put money into."""
        serial = len(self.records.firms) + 1
        kind, word = ("有限责任公司", "商贸有限公司") if is_owner else ("个体工商户", "记小卖部")
        name = f"夏邑县{person.village.short}{person.name[-1]}{serial}{word}"
        record = Firm(person, name, f"411426Y{serial:07d}", later(self.as_of, -800), kind, is_owner=is_owner)
        self.records.firms.append(record)
        return record

    def son_of(self, parent: Person, age: int) -> Person:
        """A grown son who keeps his own household; the register gives his father's number."""
        son = self.house(("户主", True, self.aged(age)), village=parent.village).head
        son.father = parent
        return son

    def lone_household(self, age: int) -> Person:
        """Somebody in no programme who lives alone."""
        return self.house(("户主", True, self.aged(age))).head

    def home_line(self, person: Person) -> str:
        """Gives a person a line at home: the area code, then places no exchange gives out."""
        person.phone = f"0370000{len(self.records.officers):04d}"
        return person.phone
