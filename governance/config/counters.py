"""What this web process counts of its requests; gunicorn's processes put their counts together through files."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

HERE = CollectorRegistry()
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS = Counter("senim_http_requests", "Requests answered.", ["method", "route", "status"], registry=HERE)
SECONDS = Histogram(
    "senim_http_request_seconds", "Seconds until an answer.", ["route"], buckets=BUCKETS, registry=HERE
)
VIOLATIONS = Counter(
    "senim_csp_violations", "Violations of the content security policy.", ["directive"], registry=HERE
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count(*, method: str, route: str, status: int, seconds: float) -> None:
    """route: the template of the path, "" where there was none: a label never holds what somebody typed."""
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def everywhere() -> CollectorRegistry:
    """The counts of all web processes; of this one alone where none was told to share (PROMETHEUS_MULTIPROC_DIR)."""
    together = CollectorRegistry()
    try:
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    except ValueError:
        return HERE
    return together
