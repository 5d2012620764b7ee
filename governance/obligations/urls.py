from django.urls import path

from governance.obligations import views

app_name = "obligations"

urlpatterns = [
    path("models/<uuid:model_id>/requirements/", views.requirements, name="requirements"),
    path("models/<uuid:model_id>/requirements/<slug:key>/", views.requirement, name="requirement"),
]
