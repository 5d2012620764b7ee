from django.urls import path

from audits.receipts import views

app_name = "receipts"
urlpatterns = [
    path("windows/<uuid:window_id>/receipt/", views.receipt, name="receipt"),
    path("verify.py", views.verifier, name="verifier"),
]
