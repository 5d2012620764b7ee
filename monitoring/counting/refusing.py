"""Why nothing was counted, in words for whoever sits at the command line."""


class CannotCount(Exception):
    """The file, the answer or the plan does not fit; the message says how."""
