from django.urls import path

from governance.obligations import views
from governance.obligations.crosswalk import views as crosswalk
from governance.obligations.matrix import exports
from governance.obligations.matrix import views as matrix
from governance.obligations.past import views as past_views
from governance.obligations.preview import views as preview
from governance.obligations.waiving import views as waiving
from governance.obligations.why import views as why

app_name = "obligations"

urlpatterns = [
    path("preview/", preview.preview_edition, name="preview"),
    path("preview/questionnaire/", preview.preview_questionnaire, name="preview-questionnaire"),
    path("models/<uuid:model_id>/requirements/", views.requirements, name="requirements"),
    path("models/<uuid:model_id>/requirements/past/", past_views.past, name="past"),
    path("models/<uuid:model_id>/requirements/<slug:key>/", views.requirement, name="requirement"),
    path("models/<uuid:model_id>/requirements/<slug:key>/accept/", waiving.waive, name="waive"),
    path("models/<uuid:model_id>/flags/", why.flags, name="flags"),
    path("waivers/<uuid:waiver_id>/end/", waiving.end, name="end-waiver"),
    path("crosswalk/", crosswalk.crosswalk, name="crosswalk"),
    path("crosswalk/<slug:group>/", crosswalk.group, name="crosswalk-group"),
    path("confirmations/<uuid:confirmation_id>/revoke/", crosswalk.revoke, name="revoke-confirmation"),
    path("models/<uuid:model_id>/nist-profile.json", exports.nist_profile, name="nist-profile"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/gaps.csv", exports.gaps_csv, name="gaps-csv"),
    path("matrix/gaps.xlsx", exports.gaps_xlsx, name="gaps-xlsx"),
    path("matrix/<slug:framework>/", matrix.framework, name="matrix-framework"),
    path("matrix/<slug:framework>/<slug:key>/", matrix.models, name="matrix-models"),
]
