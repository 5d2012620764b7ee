from django.urls import path

from monitoring.blackouts import views

app_name = "blackouts"
urlpatterns = [
    path("blackouts/", views.blackouts, name="blackouts"),
    path("blackouts/<uuid:blackout_id>/lift/", views.lift, name="lift"),
]
