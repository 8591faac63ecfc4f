"""Standards and tiers of whole townships (R46–R48). The amounts themselves come from `Setting.tiers`."""

from __future__ import annotations

from mingcha.simulate.model.ground import Ground


def r46(ground: Ground) -> None:
    """标准低于市定."""
    if ground.township.name in ground.setting.low:
        ground.hit("R46", ground.township.name)
    else:
        ground.miss("R46", ground.township.name, "执行标准不低于市定标准")


def r47(ground: Ground) -> None:
    """平均补差低于市定."""
    if ground.township.name in ground.setting.low:
        ground.hit("R47", ground.township.name, ground.month(2))
    else:
        ground.miss("R47", ground.township.name, "平均补差不低于市定水平")


def r48(ground: Ground) -> None:
    """分档未拉开: severe disability in the lowest tier, nobody such in the highest."""
    if ground.township.name not in ground.setting.mixed:
        ground.miss("R48", ground.township.name, "重残重病户不在最低档")
        return
    house = ground.house(("户主", True, ground.aged(49)), ("妻", False, ground.aged(48)))
    ground.certify(house.head, 4, 1)
    ground.dibao(house, tier="C", area="农村")
    ground.subsidy(house.head, living=True, care=True)
    ground.couple(46, tier="A")
    ground.hit("R48", ground.township.name)


PLANTS = {"R46": r46, "R47": r47, "R48": r48}
