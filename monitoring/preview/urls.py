from django.urls import path

from monitoring.preview import views

app_name = "preview"

urlpatterns = [path("preview/limits/", views.preview_limits, name="limits")]
