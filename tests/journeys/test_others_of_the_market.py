"""The broker's bought chatbot, the asset manager without AI, and the supervisor who reads the whole market."""

from __future__ import annotations

import pytest

from governance.demo import filing, supervisor
from governance.demo.cast import BROKER, REGISTER
from governance.demo.chatbot import story as chatbot
from governance.people.acting import viewing
from monitoring.runs.models import Run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@pytest.fixture(scope="module")
def bought(senim):
    return senim.play(chatbot.play)


def test_papers_texts_and_a_log_answer_what_a_bought_chatbot_owes_and_no_check_ever_ran(senim, bought):
    with senim.database():
        standing = bought.standing()
        with viewing(REGISTER):
            assert not Run.objects.filter(model_id=bought.model_id).exists()
    assert {key: standing[key] for key in chatbot.APPEAR} == dict.fromkeys(chatbot.APPEAR, "on_file")


def test_firms_file_and_the_supervisor_reads_the_market(senim, bought):
    senim.play(filing.open_campaign)
    senim.play(filing.file_nil)
    senim.play(lambda stage: filing.file_full(stage, BROKER))
    senim.play(supervisor.play)
