from django.urls import path

from governance.risk import views
from governance.risk.overriding import views as overriding

app_name = "risk"

urlpatterns = [
    path("models/<uuid:model_id>/grade/", views.grade, name="grade"),
    path("models/<uuid:model_id>/grade/again/", views.assess, name="assess"),
    path("models/<uuid:model_id>/grade/rule/", views.register_rule, name="register-rule"),
    path("models/<uuid:model_id>/grade/override/", overriding.override, name="override"),
    path("overrides/<uuid:override_id>/revert/", overriding.revert, name="revert"),
]
