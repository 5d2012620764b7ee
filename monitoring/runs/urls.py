from django.urls import path

from monitoring.runs import finding_views, set_aside_views, views

app_name = "runs"
urlpatterns = [
    path("models/<uuid:model_id>/checks/", views.checks, name="checks"),
    path("models/<uuid:model_id>/checks/start/", views.start, name="start"),
    path("datasets/<uuid:dataset_id>/checks/", views.plan_all, name="plan-all"),
    path("datasets/<uuid:dataset_id>/checks/<slug:check_key>/", views.plan, name="plan"),
    path("datasets/<uuid:dataset_id>/checks/<slug:check_key>/proposal/", views.follow, name="follow"),
    path(
        "datasets/<uuid:dataset_id>/checks/<slug:check_key>/not-applicable/",
        set_aside_views.not_applicable,
        name="not-applicable",
    ),
    path("models/<uuid:model_id>/findings/", finding_views.of_model, name="findings"),
    path("findings/<uuid:finding_id>/", finding_views.handle, name="finding"),
    path("findings/", finding_views.of_all, name="all-findings"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("runs/<uuid:run_id>/progress/", views.progress, name="progress"),
    path("runs/<uuid:run_id>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:run_id>/again/", views.ask_again, name="again"),
    path("runs/<uuid:run_id>/next/", views.put_next, name="next"),
    path("runs/<uuid:run_id>/result.json", views.raw, name="raw"),
]
