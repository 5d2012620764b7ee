from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No models: registers the system checks and what surrounds each task, from the floor that may know every room."""

    name = "governance.config"
    label = "config"

    def ready(self) -> None:
        from governance.config import checks, doorbell  # noqa: F401
        from governance.obligations import checks as catalogue  # noqa: F401
        from governance.risk import checks as questionnaires  # noqa: F401
