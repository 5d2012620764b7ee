from django.urls import path

from governance.inventory import registering, views

app_name = "inventory"

urlpatterns = [
    path("models/new/", registering.new, name="new"),
    path("models/<uuid:model_id>/edit/<slug:section>/", registering.edit, name="edit"),
    path("models/<uuid:model_id>/check-answers/", registering.check_answers, name="check-answers"),
    path("models/<uuid:model_id>/registered/", registering.registered, name="registered"),
    path("models/<uuid:model_id>/withdraw/", registering.withdraw, name="withdraw"),
    path("models/<uuid:model_id>/versions/add/", views.add_version, name="add-version"),
    path("versions/<uuid:version_id>/withdraw/", views.withdraw_version, name="withdraw-version"),
    path("models/<uuid:model_id>/documents/add/", views.add_document, name="add-document"),
    path("documents/<uuid:document_id>/revise/", views.revise_document, name="revise-document"),
    path("revisions/<uuid:revision_id>/file/", views.file, name="file"),
]
