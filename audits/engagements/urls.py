from django.urls import path

from audits.engagements import views

app_name = "engagements"
urlpatterns = [
    path("engagements/", views.engagements, name="engagements"),
    path("engagements/open/", views.open_one, name="open"),
    path("engagements/<uuid:engagement_id>/", views.engagement, name="engagement"),
    path("visits/", views.visits, name="visits"),
]
