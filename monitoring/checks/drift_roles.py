"""What the check of drift says of score, decision and outcome: that they have drifted, or that counts do not tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_COUNTED = "not_counted"
"""The status of a column that counts made by an earlier plan do not hold."""
ROLE_SUMMARIES: dict[str, StrOrPromise] = {
    "own": _(
        "None of the %(measured)s measured features has drifted, but the score, the decision or the outcome has: %(own)s."
    ),
    "amber_own": _(
        "%(drifted)s features have drifted (of %(measured)s measured), led by %(names)s; and of score, decision and outcome "
        "%(own)s."
    ),
    "failed_own": _(
        "%(drifted)s of %(measured)s features have drifted (share %(share)s, limit %(limit)s), led by %(names)s; and of "
        "score, decision and outcome %(own)s."
    ),
    "strong_own": _(
        "%(strong)s lies more than %(multiple)s times its own limit away. In all, %(drifted)s of %(measured)s features "
        "have drifted, and of score, decision and outcome %(own)s."
    ),
    NOT_COUNTED: _(
        "None of the %(measured)s measured features has drifted, and %(unmeasured)s could not be measured. Of the score, the "
        "decision and the outcome nothing can be said (%(not_counted)s): counts made by an earlier plan of counts do not hold "
        "them. Fetch the plan of counts and count again."
    ),
}
