from django.urls import path

from monitoring.sources import views

app_name = "sources"

urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/add/", views.add, name="add"),
    path("sources/<uuid:source_id>/", views.source, name="source"),
    path("sources/<uuid:source_id>/test/", views.test, name="test"),
    path("sources/<uuid:source_id>/end/", views.end, name="end"),
    path("feeds/<uuid:feed_id>/", views.feed, name="feed"),
    path("feeds/<uuid:feed_id>/end/", views.end_feed, name="end-feed"),
]
