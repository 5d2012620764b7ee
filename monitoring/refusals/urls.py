from django.urls import path

from monitoring.refusals import views

app_name = "refusals"
urlpatterns = [
    path("refused/<uuid:refused_id>/broken-rows.csv", views.broken_rows, name="broken-rows"),
]
