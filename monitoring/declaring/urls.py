from django.urls import path

from monitoring.declaring import views

app_name = "declaring"
urlpatterns = [path("models/<uuid:model_id>/declared/", views.declared, name="declared")]
