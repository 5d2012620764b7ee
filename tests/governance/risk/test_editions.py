"""An edition is read whole or not at all: what is wrong is named by file, question and key."""

from __future__ import annotations

import hashlib

import pytest
import yaml

from governance.risk.checks import the_questionnaires_are_whole
from governance.risk.questionnaire import CURRENT, FOLDER, QuestionnaireBroken, load

EDITIONS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
STOP = 0


def written(tmp_path, raw) -> None:
    (tmp_path / f"{CURRENT}.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True))


@pytest.fixture
def raw():
    return yaml.safe_load((FOLDER / f"{CURRENT}.yaml").read_text())


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_can_be_read(edition):
    assert load(edition).sha256 == hashlib.sha256((FOLDER / f"{edition}.yaml").read_bytes()).hexdigest()


def test_the_former_edition_is_not_touched():
    assert load("kz-2026").sha256 == "a573ec955b07bee3e102e7e7ad80cbac1c509940123c3037fbdf6ce4ee894aff"


def test_the_questionnaire_is_short():
    questions = load().questions

    assert len([question for question in questions if not question.when]) <= 8
    assert all(2 <= len(question.options) <= 6 for question in questions if not question.is_text)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda raw: raw["table"]["high"]["low"].pop("low"), "table: no tier for high × low × low"),
        (lambda raw: raw["table"]["low"]["low"].update(high=5), "table: no tier for low × low × high"),
        (
            lambda raw: raw["questions"][STOP]["title"].pop("kk"),
            "question stop: title: it is not in kk, ru and en",
        ),
        (
            lambda raw: raw["questions"][STOP]["options"][0]["title"].update(en=False),
            "question stop: option hardly_noticed: title: something is no text: YAML reads an unquoted No as false",
        ),
        (
            lambda raw: raw["questions"][STOP]["options"][0].update(risk="enormous"),
            "question stop: option hardly_noticed: risk: 'enormous' is none of minimal, medium, high",
        ),
        (
            lambda raw: raw["questions"][-1]["options"][-1].update(annex=5),
            "question eu: option insurance: annex: it is no text, write it in quotation marks",
        ),
        (
            lambda raw: raw["questions"][STOP].update(reading="theirs"),
            "question stop: reading: 'theirs' is neither text nor ours",
        ),
        (
            lambda raw: raw["questions"][STOP].update(when={"eu": ["credit"]}),
            "question stop: when: no question 'eu' stands before it",
        ),
        (
            lambda raw: raw["questions"][-1].update(when={"stop": ["perhaps"]}),
            "question eu: when: stop has no answer 'perhaps'",
        ),
        (lambda raw: raw["questions"].append(raw["questions"][STOP]), "question stop: id: it stands twice"),
        (lambda raw: raw["floors"][0].update(tier=0), "floor client_orders: tier: 0 is none of 1 to 4"),
        (
            lambda raw: raw["floors"][0].update(answers={"orders": ["all"]}),
            "floor client_orders: answers: orders has no answer 'all'",
        ),
        (
            lambda raw: raw["floors"][0].pop("answers"),
            "floor client_orders: answers: it says neither an answer nor a degree of risk that it holds for",
        ),
        (
            lambda raw: raw["floors"][1].update(risk="grave"),
            "floor high_risk: risk: 'grave' is none of minimal, medium, high",
        ),
        (lambda raw: raw.update(edition="kz-2099"), "edition: it says 'kz-2099'"),
    ],
)
def test_a_broken_edition_is_refused_with_the_place(raw, spoil, said, tmp_path):
    spoil(raw)
    written(tmp_path, raw)

    with pytest.raises(QuestionnaireBroken) as refusal:
        load(CURRENT, tmp_path)
    assert f"{CURRENT}.yaml: {said}" in str(refusal.value).split("; ")


def test_every_flaw_of_every_questionnaire_is_named_at_every_start(raw, tmp_path):
    assert the_questionnaires_are_whole() == []
    raw["questions"][STOP]["reading"] = "theirs"
    written(tmp_path, raw)
    (tmp_path / "list.yaml").write_text("- 1\n")
    (tmp_path / "torn.yaml").write_text("a: [")

    found = [(error.id, str(error.msg)) for error in the_questionnaires_are_whole(folder=tmp_path)]
    assert found[0] == (
        "senim.E201",
        f"{CURRENT}.yaml: question stop: reading: 'theirs' is neither text nor ours",
    )
    assert [what.split(":")[:2] for _id, what in found[1:]] == [
        ["list.yaml", " it is no questionnaire"],
        ["torn.yaml", " it is no questionnaire"],
    ]


def test_an_edition_that_does_not_exist_is_not_looked_for_elsewhere():
    with pytest.raises(FileNotFoundError):
        load("../questionnaires/kz-2026")
