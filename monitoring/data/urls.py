from django.urls import path

from monitoring.data import reference_views, views

app_name = "data"
urlpatterns = [
    path("models/<uuid:model_id>/data/", views.model_data, name="data"),
    path("datasets/<uuid:dataset_id>/windows/add/", views.add_window, name="add-window"),
    path("datasets/<uuid:dataset_id>/plan-of-counts/", views.plan_of_counts, name="plan-of-counts"),
    path("senim-count.pyz", views.counting_program, name="senim-count"),
    path("windows/<uuid:window_id>/withdraw/", views.withdraw_window, name="withdraw-window"),
    path("windows/<uuid:window_id>/correct/", views.correct_window, name="correct-window"),
    path("windows/<uuid:window_id>/reference/", reference_views.decide_reference, name="decide-reference"),
]
