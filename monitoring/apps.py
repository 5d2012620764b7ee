from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance.inventory import handing_over
        from monitoring.runs import handling

        handing_over.GOES_ALONG.append(handling.pass_on)
