from django.urls import path

from monitoring.runs import views

app_name = "runs"
urlpatterns = [
    path("models/<uuid:model_id>/checks/", views.checks, name="checks"),
    path("models/<uuid:model_id>/checks/start/", views.start, name="start"),
    path("datasets/<uuid:dataset_id>/checks/", views.plan_all, name="plan-all"),
    path("datasets/<uuid:dataset_id>/checks/<slug:check_key>/", views.plan, name="plan"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("runs/<uuid:run_id>/progress/", views.progress, name="progress"),
    path("runs/<uuid:run_id>/result.json", views.raw, name="raw"),
]
