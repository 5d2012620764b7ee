"""The bank's own papers about its model: fictional, short, and of the kinds that the law's requirements ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from governance.demo.facts import Facts
from governance.demo.mortgage import papers
from governance.demo.visitor import Visitor


@dataclass(frozen=True)
class Paper:
    title: str
    kinds: tuple[str, ...]
    text: str


HOUSE_PAPERS = (
    Paper(
        "System description",
        ("system_document", "classification_act", "technical_documentation"),
        """# System description: mortgage approval scoring
Purpose, inputs, outputs, environment and the people who answer for the system. A score between 0 and 1 is shown to the loan
officer together with the reasons; the officer decides and may depart from it, stating why.
Degree of risk: high. Degree of autonomy: medium. Mode of use: closed. Signed by the deputy chairman of the board.""",
    ),
    Paper(
        "Risk file",
        (
            "risk_register",
            "risk_management_document",
            "risk_treatment_plan",
            "residual_risk_statement",
            "review_minutes",
        ),
        """# Risk file: mortgage approval scoring
| risk | cause | treatment | residual |
|---|---|---|---|
| unequal treatment of groups | past decisions of officers | mitigation in training, monthly check by group | medium |
| applicants unlike the training data | other districts, other prices | drift check each month, officer decides | medium |
| misuse outside mortgages | convenience | access rights, listed uses | low |
| leak of client data | extracts for checks | counts where possible, no names, closed network | low |
Reviewed by risk management; next review within a year.""",
    ),
    Paper(
        "Screening of prohibited functions",
        ("prohibited_practice_screening",),
        """# Screening against Art. 17(3)
Each of the seven prohibited functions was looked at with the developers. The system shows a score to staff; it addresses no
client, recognises no emotion, uses no biometrics, gathers no data of its own. None of the functions is present.""",
    ),
    Paper(
        "Control and responsibilities",
        (
            "human_oversight_procedure",
            "responsibility_matrix",
            "monitoring_plan",
            "acceptable_use_rules",
            "support_procedure",
        ),
        """# Control and responsibilities
The loan officer sees the score and its reasons and decides. The head of retail lending can switch the score off within minutes;
decisions then follow the manual procedure. Checks of drift, fairness and explanation run each month; the model owner answers
findings within five working days. Questions of staff: models@alatau.demo.""",
    ),
    Paper(
        "User agreement and notices to applicants",
        (
            "user_agreement",
            "client_disclosure",
            "notification_text",
            "explanation_procedure",
            "objection_procedure",
            "human_channel_procedure",
        ),
        """# For applicants
A computer model helps the bank to assess your application; a person decides. You may ask which data were used and why the
decision was taken, object to automated processing, and have the decision looked at again by a person within three days.""",
    ),
    Paper(
        "Protection of personal data",
        ("data_protection_assessment", "security_assessment", "access_control_matrix"),
        """# Protection of personal data
Data are processed under the applicant's consent and the bank's duty of secrecy, on servers in Kazakhstan. The model sees no
name and no document number. Access by role; each access is logged. Tested with the information-security unit before release.""",
    ),
)


def hand_in_papers(owner: Visitor, page: str, facts: Facts) -> None:
    """The papers that do not change with the version, the data sheet, and the first fairness assessment."""
    sheet = Paper("Data sheet", ("data_sheet", "data_library_document"), papers.data_sheet(facts))
    first = Paper("Fairness assessment", ("fairness_assessment",), papers.fairness_assessment(facts, "v1"))
    day = timezone.localdate().isoformat()
    for paper in (*HOUSE_PAPERS, sheet, first):
        said = {"title": paper.title, "kinds": list(paper.kinds), "language": "en", "effective_on": day}
        name = paper.title.lower().replace(" ", "-") + ".md"
        owner.send(f"{page}/documents/add/", said, {"file": (name, paper.text.encode(), "text/markdown")})
