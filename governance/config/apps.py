from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No models: registers the system checks, from the floor that may know every room."""

    name = "governance.config"
    label = "config"

    def ready(self) -> None:
        from governance.config import checks  # noqa: F401
