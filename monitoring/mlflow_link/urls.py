from django.urls import path

from monitoring.mlflow_link import views

app_name = "mlflow"

urlpatterns = [
    path("mlflow/", views.connectors, name="connectors"),
    path("mlflow/add/", views.add, name="add"),
    path("mlflow/<uuid:connector_id>/", views.connector, name="connector"),
    path("mlflow/<uuid:connector_id>/test/", views.test, name="test"),
    path("mlflow/<uuid:connector_id>/read/", views.read, name="read"),
    path("mlflow/<uuid:connector_id>/end/", views.end, name="end"),
    path("mlflow/links/<uuid:link_id>/end/", views.unlink, name="unlink"),
]
