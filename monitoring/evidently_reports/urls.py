from django.urls import path

from monitoring.evidently_reports import views

app_name = "evidently"
urlpatterns = [
    path("windows/<uuid:window_id>/evidently/", views.reports, name="reports"),
    path("windows/<uuid:window_id>/evidently/progress/", views.progress, name="progress"),
    path("evidently/<uuid:report_id>/report.html", views.report_file, name="report"),
]
