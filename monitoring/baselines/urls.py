from django.urls import path

from monitoring.baselines import views

app_name = "baselines"
urlpatterns = [path("windows/<uuid:window_id>/baseline/", views.baseline, name="baseline")]
