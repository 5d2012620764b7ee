"""What is wrong with a document of counts, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTS: dict[str, StrOrPromise] = {
    "counts_too_large": _("The document has %(found)s bytes; counts need at most %(limit)s."),
    "not_json": _("This is not valid JSON, or a name stands twice in one object."),
    "not_counts": _("This JSON is no document of counts. Make it with senim count."),
    "unknown_counts_version": _(
        "This version of the document is not known here; known are the versions %(known)s."
    ),
    "counts_unsigned": _(
        "The organisation has registered a key for counts, and this document is not signed."
    ),
    "counts_envelope": _("The signed document is not of the form that senim count writes."),
    "counts_unknown_key": _("The document is signed with a key that is not registered, or was revoked."),
    "counts_bad_signature": _("The signature does not fit the document: it was changed after it was signed."),
    "counts_fields": _("These fields are missing or not known here: %(fields)s."),
    "counts_file": _("The digest and the size of the counted file are missing or malformed."),
    "counts_rows": _("The number of rows must be a whole number of at least %(limit)s."),
    "counts_smallest": _(
        "Cells of fewer than %(limit)s people must be hidden, and the document names another number."
    ),
    "counts_entries": _("The entries under “%(part)s” are not of the form that senim count writes."),
    "counts_entries_of_column": _(
        "The column has fields that are not known here or lacks some of its profile."
    ),
    "counts_unknown_column": _("The dataset does not name this column here."),
    "counts_missing_column": _("The dataset names this column, and the document does not count it."),
    "counts_kind": _(
        "The kind of this column is not the one that the dataset says, or its cells are missing."
    ),
    "counts_too_many_values": _("The column has too many cells; at most %(limit)s values are counted."),
    "counts_values": _("The values of the column are malformed, too long or stand there twice."),
    "counts_edges": _("The edges of the cells must be numbers that rise."),
    "counts_other_cells": _(
        "The cells are not those that the reference froze. Fetch the plan of counts and count again."
    ),
    "counts_number_of_cells": _("There must be one count for each cell."),
    "counts_profile": _("Mean, spread and range must be numbers that fit together."),
    "counts_not_whole": _("A count must be a whole number, 0 or more."),
    "counts_small_cell": _("A cell of fewer than %(smallest)s people stands open. It must be hidden."),
    "counts_sum": _("The counts do not add up to the number of rows."),
    "counts_hidden_alone": _(
        "A hidden cell can be computed from the others: at least two must be hidden, with %(smallest)s people together."
    ),
    "counts_favourable": _("The counts are of another favourable outcome; the dataset says %(expected)s."),
    "counts_groups": _("The groups are malformed, or one of them stands there twice."),
    "counts_too_many_groups": _("There are more than %(limit)s groups: these are not groups."),
    "counts_small_groups": _(
        "Groups of fewer than %(smallest)s people stand here by their name. Count again with the senim count of today: it lays "
        "them together without a name."
    ),
    "counts_open_twice": _(
        "This sensitive column is told by its values and by its groups, and fewer than %(smallest)s people could be computed "
        "from both together. Count again with the senim count of today: it hides the values."
    ),
    "counts_totals": _("The sensitive columns do not count the same decisions and outcomes together."),
    "counts_pairs": _("The pairs of groups are malformed, or one of them stands there twice."),
    "counts_missing_pair": _(
        "The dataset names both columns, and the document does not count their groups together."
    ),
    "counts_pair_sums": _("The pairs of groups do not add up to the groups of each column."),
    "counts_open_pair": _(
        "Pairs of groups stand open that must be hidden: fewer than %(smallest)s people could be computed from them."
    ),
    "counts_role_sums": _("The decisions or outcomes of this column are not those of the groups."),
    "counts_open_role": _(
        "Cells stand open that must be hidden: fewer than %(smallest)s people could be computed from this column and the groups "
        "together."
    ),
    "counts_counted_by": _(
        "The document was counted by an engine that is not known here; known are %(known)s."
    ),
    "counts_shares": _("The shares of attribution need n, method and per feature a share from 0 to 1."),
    "counts_shares_unknown": _("The shares of attribution name features that the dataset does not name."),
    "counts_shares_sum": _("The shares of attribution do not add up to 1."),
    "counts_shares_few": _(
        "The shares of attribution rest on fewer than %(smallest)s rows, or on more than were counted."
    ),
}
