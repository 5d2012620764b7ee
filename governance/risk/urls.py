from django.urls import path

from governance.risk import views

app_name = "risk"

urlpatterns = [
    path("models/<uuid:model_id>/grade/", views.grade, name="grade"),
    path("models/<uuid:model_id>/grade/again/", views.assess, name="assess"),
]
