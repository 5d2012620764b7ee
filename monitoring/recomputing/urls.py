from django.urls import path

from monitoring.recomputing import views

app_name = "recomputing"
urlpatterns = [
    path("runs/<uuid:run_id>/recomputations/", views.recomputations, name="recomputations"),
    path("runs/<uuid:run_id>/recompute/", views.recompute, name="recompute"),
]
