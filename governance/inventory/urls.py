from django.urls import path

from governance.inventory import document_views, finishing, registering, views
from governance.inventory.rows import urls as rows
from governance.inventory.suppliers import views as suppliers

app_name = "inventory"

urlpatterns = [
    path("models/new/", registering.new, name="new"),
    path("models/<uuid:model_id>/edit/suppliers/", suppliers.chain, name="suppliers"),
    path("models/<uuid:model_id>/components/add/", suppliers.add, name="add-component"),
    path("components/<uuid:component_id>/", suppliers.change, name="component"),
    path("components/<uuid:component_id>/remove/", suppliers.remove, name="remove-component"),
    *rows.urlpatterns,
    path("models/<uuid:model_id>/edit/<slug:section>/", registering.edit, name="edit"),
    path("models/<uuid:model_id>/check-answers/", finishing.check_answers, name="check-answers"),
    path("models/<uuid:model_id>/registered/", finishing.registered, name="registered"),
    path("models/<uuid:model_id>/withdraw/", finishing.withdraw, name="withdraw"),
    path("models/<uuid:model_id>/hand-over/", finishing.hand_over, name="hand-over"),
    path("models/<uuid:model_id>/versions/add/", views.add_version, name="add-version"),
    path("versions/<uuid:version_id>/withdraw/", views.withdraw_version, name="withdraw-version"),
    path("models/<uuid:model_id>/documents/add/", document_views.add_document, name="add-document"),
    path("documents/<uuid:document_id>/revise/", document_views.revise_document, name="revise-document"),
    path("documents/<uuid:document_id>/", document_views.document, name="document"),
    path("revisions/<uuid:revision_id>/file/", document_views.file, name="file"),
    path("revisions/<uuid:revision_id>/review/", document_views.review_revision, name="review-revision"),
    path(
        "revisions/<uuid:revision_id>/withdraw/", document_views.withdraw_revision, name="withdraw-revision"
    ),
]
