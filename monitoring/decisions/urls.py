from django.urls import path

from monitoring.decisions import views

app_name = "decisions"
urlpatterns = [
    path("windows/<uuid:window_id>/decisions/", views.ask, name="ask"),
    path("decisions/<uuid:explained_id>/", views.decision, name="decision"),
    path("decisions/<uuid:explained_id>/progress/", views.progress, name="progress"),
]
