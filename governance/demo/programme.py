"""Which stories there are, and when they are played. Adding a story is one line of PROGRAMME."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event

from django.db import connections

from governance.demo.auditor import play as auditor
from governance.demo.cast import ASSET_MANAGER, AUDIT_FIRM, BANK, BROKER, SUPERVISOR, Firm
from governance.demo.chatbot.story import play as chatbot
from governance.demo.corporate.story import play as corporate
from governance.demo.figures import play as figures
from governance.demo.filing import file_full, file_nil, open_campaign
from governance.demo.mlflow.story import play as mlflow
from governance.demo.mortgage.story import play as mortgage
from governance.demo.stage import Stage
from governance.demo.supervisor import play as supervisor
from governance.demo.trading.story import play as trading
from governance.demo.visitor import StoryBroken


@dataclass(frozen=True)
class Act:
    """One story. name: tags its lines. Stories of one firm follow each other; `after` names others to wait for.

    beside: it is played beside the others of its firm, not behind them.
    """

    name: str
    firm: Firm
    play: Callable[[Stage], object]
    after: tuple[str, ...] = ()
    beside: bool = False
    over: Event = field(default_factory=Event, compare=False)


PROGRAMME: tuple[Act, ...] = (
    Act("campaign", SUPERVISOR, open_campaign),
    Act("mortgage", BANK, mortgage),
    Act("corporate", BANK, corporate, after=("chatbot",), beside=True),
    Act("figures", BANK, figures),
    Act("mlflow", BANK, mlflow),
    Act("return", BANK, file_full, after=("campaign", "corporate")),
    Act("chatbot", BROKER, chatbot),
    Act("trading", BROKER, trading),
    Act("nil", ASSET_MANAGER, file_nil, after=("campaign",)),
    Act("auditor", AUDIT_FIRM, auditor, after=("mortgage",)),
    Act("supervisor", SUPERVISOR, supervisor, after=("chatbot", "trading", "nil")),
)


def chosen(names: str) -> tuple[Act, ...]:
    """The acts of these names, separated by commas, or all. A story that would wait for another does not."""
    wanted = set(names.split(",")) if names else {act.name for act in PROGRAMME}
    return tuple(
        replace(act, after=tuple(name for name in act.after if name in wanted))
        for act in PROGRAMME
        if act.name in wanted
    )


def play_all(stage: Stage, acts: tuple[Act, ...]) -> None:
    """Play these stories, those of different firms at the same time. Raises StoryBroken if one of them broke."""
    scenes: dict[str, list[Act]] = {}
    for act in acts:
        scenes.setdefault(act.name if act.beside else act.firm.bin, []).append(act)
    with ThreadPoolExecutor(len(scenes)) as pool:
        playing = [pool.submit(_in_turn, stage, turn, acts) for turn in scenes.values()]
    _raise_the_first(playing)


def _in_turn(stage: Stage, turn: list[Act], acts: tuple[Act, ...]) -> None:
    """The stories of one firm, one after the other."""
    others = {act.name: act for act in acts}
    try:
        for act in turn:
            for name in act.after:
                others[name].over.wait()
            act.play(stage.telling(_tagged(stage.tell, act.name)))
            act.over.set()
    finally:
        for act in turn:
            act.over.set()  # whoever waits for a story that broke shall break as well, not wait for ever
        connections.close_all()


def _tagged(tell: Callable[[str], None], tag: str) -> Callable[[str], None]:
    return lambda line: tell(f"{tag:10} {line}")


def _raise_the_first(playing: list[Future[None]]) -> None:
    broken = [error for each in playing if (error := each.exception()) is not None]
    for error in broken:
        if not isinstance(error, StoryBroken):
            raise error
    if broken:
        raise StoryBroken("; ".join(str(error) for error in broken))
