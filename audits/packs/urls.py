from django.urls import path

from audits.packs import views

app_name = "packs"
urlpatterns = [
    path("models/<uuid:model_id>/packs/", views.packs, name="packs"),
    path("packs/<uuid:pack_id>/progress/", views.progress, name="progress"),
    path("packs/<uuid:pack_id>/file/", views.file, name="file"),
]
