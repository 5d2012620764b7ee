from django.urls import path

from governance.inventory.returns import views

app_name = "returns"

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/<uuid:return_id>/withdraw/", views.withdraw, name="withdraw"),
]
