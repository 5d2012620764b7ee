from django.urls import path

from governance.obligations.mapping import views

app_name = "mapping"

urlpatterns = [
    path("mappings/", views.mappings, name="mappings"),
    path("mappings/<slug:framework_key>/", views.mapping, name="mapping"),
    path("mappings/signatures/<uuid:signature_id>/revoke/", views.revoke, name="revoke"),
]
