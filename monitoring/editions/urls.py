from django.urls import path

from monitoring.editions import views

app_name = "editions"
urlpatterns = [
    path("datasets/<uuid:dataset_id>/", views.dataset, name="dataset"),
    path("datasets/<uuid:dataset_id>/correct/", views.correct, name="correct"),
    path("datasets/<uuid:dataset_id>/retire/", views.retire, name="retire"),
]
