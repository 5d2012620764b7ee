"""A broker buys a chatbot: its duties follow from few answers, and papers, texts and a log answer them. There is no data."""

from __future__ import annotations

from uuid import UUID

from governance.demo.case import Case, typed
from governance.demo.cast import BROKER, REGISTER
from governance.demo.chatbot import papers
from governance.demo.chatbot.answers import ANSWERS, GRADE
from governance.demo.proofs import prove
from governance.demo.stage import Stage
from governance.obligations.models import Duty
from governance.people.acting import viewing
from monitoring.runs.models import Plan, Run

MOST_ANSWERS = 15
MARKING = "kz-art21-2-mark-synthetic-results"
NOTICE = "kz-art21-1-tell-users-ai-is-used"
CONTROL = "kz-art8-1-continuous-control"
FAIRNESS = "kz-art6-fairness-equality"
APPEAR = (MARKING, NOTICE, CONTROL, FAIRNESS)


class Chatbot(Case):
    firm = BROKER
    name = "chatbot"

    def registers_in_few_answers(self) -> None:
        given = sum(len(typed(slug, section)) for slug, section in ANSWERS.items())
        self.tell(f"The broker registers a bought chatbot in {given} answers")
        prove(given <= MOST_ANSWERS, f"{MOST_ANSWERS} answers are enough", given)
        self.registers(ANSWERS, GRADE)
        self.ci.post(f"/models/{self.model_id}/versions", status=201, data={"label": "2026-10"})
        self.settled()
        standing = self.standing()
        for key in APPEAR:
            prove(standing.get(key) == "missing", f"{key} is owed because of its answers", standing.get(key))

    def is_asked_for_no_data(self) -> None:
        self.tell("No requirement asks for a check that needs data, and none is planned")
        with viewing(REGISTER):
            owed = Duty.objects.filter(model_id=UUID(self.model_id), status="missing").select_related(
                "obligation"
            )
            only_checks = [duty.obligation.key for duty in owed if _asks_for_a_check_alone(duty)]
            planned = Plan.objects.filter(model_id=UUID(self.model_id)).count()
            run = Run.objects.filter(model_id=UUID(self.model_id)).count()
        prove(not only_checks, "nothing but a check would answer no requirement", only_checks)
        prove((planned, run) == (0, 0), "no check is planned or run", (planned, run))

    def answers_with_papers_texts_and_a_log(self) -> None:
        self.tell("The vendor's disclosure, texts in three languages and a log of oversight answer them")
        for paper in papers.PAPERS:
            self.hands_in(paper.title, paper.kinds, paper.text, language=paper.language)
        self.validator.send(f"{self.page}/oversight/", {"kind": "review", "done": papers.OVERSIGHT})
        self.settled()
        standing = self.standing()
        for key in APPEAR:
            prove(standing[key] != "missing", f"{key} is answered", standing[key])

    def standing(self) -> dict[str, str]:
        """Key of each requirement that is owed → its evidence status."""
        with viewing(REGISTER):
            owed = Duty.objects.filter(model_id=UUID(self.model_id)).exclude(
                status__in=("not_applicable", "none")
            )
            return dict(owed.values_list("obligation__key", "status"))


def _asks_for_a_check_alone(duty: Duty) -> bool:
    """Whether a group of it lacks evidence that only a check over data could give."""
    lacking = [group["missing"] for group in duty.groups if not group["satisfied"]]
    return any(kinds and all(kind.startswith("check:") for kind in kinds) for kinds in lacking)


def play(stage: Stage) -> Chatbot:
    chatbot = Chatbot(stage)
    chatbot.registers_in_few_answers()
    chatbot.is_asked_for_no_data()
    chatbot.answers_with_papers_texts_and_a_log()
    return chatbot
