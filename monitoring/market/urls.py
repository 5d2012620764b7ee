from django.urls import path

from monitoring.market import views

app_name = "market"

urlpatterns = [path("market/", views.market, name="market")]
