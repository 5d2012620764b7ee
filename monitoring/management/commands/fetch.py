"""manage.py fetch: fetch one period of a dataset from its database here and now, for whoever runs Senim."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from governance.errors import Refusal
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.sources import fetching
from monitoring.sources.models import Feed, Fetch
from monitoring.sources.words import FetchStatus, stated


class Command(BaseCommand):
    help = "Fetch one data period from the database that feeds a dataset, and say what came of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("feed", type=UUID, help="its id, as in the address of its page")
        parser.add_argument("starts_on", type=date.fromisoformat, help="the first day, as 2026-10-01")
        parser.add_argument("ends_on", type=date.fromisoformat, help="the last day")
        parser.add_argument("--part", default="current", help="reference or current (the default)")

    def handle(self, *args: Any, **options: Any) -> None:
        feed = _found(options["feed"])
        clerk = Actor.system("data source reader", feed.organisation_id)
        clerk = replace(clerk, user_id=feed.registered_by_id)
        period = {key: options[key] for key in ("starts_on", "ends_on", "part")}
        try:
            with viewing(clerk):
                asked = fetching.ask(by=clerk, feed=feed, **period)
        except Refusal as refusal:
            raise CommandError(
                "; ".join([str(refusal), *(str(each.what) for each in refusal.problems)])
            ) from refusal
        fetching.work(feed.organisation_id, asked.pk)
        with viewing(clerk):
            done = Fetch.objects.get(pk=asked.pk)
        if done.status == FetchStatus.DUE:
            raise CommandError(
                "Another period of this organisation is being fetched. This one is next in line."
            )
        if done.status != FetchStatus.DONE:
            told = stated(done.trouble)
            raise CommandError(f"{told.words} {told.todo}")
        self.stdout.write(f"{done.rows} rows, {done.digest}: {done.query}")


def _found(feed_id: UUID) -> Feed:
    with viewing(Actor.system("fetch")):
        feed: Feed | None = Feed.objects.select_related("model").filter(pk=feed_id).first()
    if feed is None:
        raise CommandError("There is no feed of this id.")
    return feed
