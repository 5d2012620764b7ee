from django.urls import path

from monitoring.labels import views

app_name = "labels"
urlpatterns = [
    path("windows/<uuid:window_id>/labels/", views.labels, name="labels"),
    path("labels/<uuid:labels_id>/withdraw/", views.withdraw, name="withdraw"),
]
