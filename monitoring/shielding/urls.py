from django.urls import path

from monitoring.shielding import views

app_name = "shielding"
urlpatterns = [
    path("datasets/<uuid:dataset_id>/protection/", views.protect, name="protect"),
    path("windows/<uuid:window_id>/erase/", views.erase, name="erase"),
    path("windows/<uuid:window_id>/basis/", views.ground, name="ground"),
    path("windows/<uuid:window_id>/keep/", views.keep, name="keep"),
]
