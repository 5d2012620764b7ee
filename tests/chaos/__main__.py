"""`python -m tests.chaos --runs 2000 --kills 500 --seed 1` on servers of its own; see `make chaos`.

Ends with 1 when anything was lost, done twice, given up or is stuck, when recovery took longer than it may (99 of 100 runs), when
a kind of fault was never made, when the fence had nothing to refuse, or when time ran out before everything was done.
"""

from __future__ import annotations

import argparse
import os
import random
import time


def main() -> int:
    said = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.config.settings")
    import django

    django.setup()
    from tests.chaos.faults import FAULTS, blows
    from tests.chaos.ground import answers, senim
    from tests.chaos.judging import judge
    from tests.chaos.ordeal import Ordeal
    from tests.chaos.recovery import AIM
    from tests.chaos.register import furnish
    from tests.chaos.report import report

    chance = random.Random(said.seed)
    with senim() as ground:
        begun = time.monotonic()
        ordeal = Ordeal(ground, furnish(chance), said.runs, chance, begun + 60 * said.minutes)
        ordeal.go(blows(said.kills), FAULTS)
        took = time.monotonic() - begun
        found = ordeal.ask(lambda: judge(ordeal.register.asked, ordeal.register.again))
        serves = answers(ground.url)
        print("\n".join(report(said.seed, took, ground.disk.kind, found, ordeal.recoveries, serves=serves)))
        within = said.recovery or AIM
        demanded = {
            "nothing was lost, done twice, given up or is stuck": found.holds,
            "the fence had something to refuse": found.refused > 0,
            "every kind of fault was made": set(ordeal.recoveries.done) == set(FAULTS),
            f"every blow fell within {said.minutes:g} minutes": ordeal.is_whole,
            f"99 of 100 recovered within {within:g} s": ordeal.recoveries.p99 <= within,
            "the web answers": serves,
        }
        for what, so in demanded.items():
            if not so:
                print(f"  not so: {what}")
        return 0 if all(demanded.values()) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="checks that are asked for (default: 2000)")
    parser.add_argument("--kills", type=int, default=500, help="processes killed with -9 (default: 500)")
    parser.add_argument("--seed", type=int, default=20, help="of the order of the faults (default: 20)")
    parser.add_argument("--recovery", type=float, help="seconds that 99 of 100 may take (default: 45)")
    parser.add_argument("--minutes", type=float, default=120, help="after which no fault is made any more")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
