from django.urls import path

from monitoring.signers import views

app_name = "signers"
urlpatterns = [
    path("counting-keys/", views.keys, name="keys"),
    path("counting-keys/<uuid:counting_key_id>/revoke/", views.revoke, name="revoke"),
]
