"""An asset manager that uses no AI says so for a quarter."""

from __future__ import annotations

from governance.demo.cast import ASSET_MANAGER, REGISTER
from governance.demo.proofs import prove
from governance.demo.stage import Stage
from governance.inventory.returns.models import NilReturn
from governance.people.acting import viewing

QUARTER = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}


def play(stage: Stage) -> None:
    stage.tell("The asset manager files that it used no AI in the third quarter")
    administrator = stage.visitor(ASSET_MANAGER.part("administrator"))
    said = {**QUARTER, "position": "Chief executive", "remark": "", "is_complete": "on"}
    administrator.send("/returns/", said)
    with viewing(REGISTER):
        nil = NilReturn.objects.get(organisation_id=stage.cast.organisations[ASSET_MANAGER.bin])
    prove(nil.acknowledgement in administrator.read("/returns/"), "the return has a number", nil.number)
