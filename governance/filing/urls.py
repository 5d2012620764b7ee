from django.urls import path

from governance.filing import campaign_views, views

app_name = "returns"

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/file/", views.file, name="file"),
    path("returns/<uuid:return_id>/", views.filed, name="return"),
    path("returns/<uuid:return_id>/correct/", views.correct, name="correct"),
    path("returns/<uuid:return_id>/withdraw/", views.withdraw, name="withdraw"),
    path("campaigns/", campaign_views.campaigns, name="campaigns"),
    path("campaigns/open/", campaign_views.open_campaign, name="open-campaign"),
    path("campaigns/<uuid:campaign_id>/", campaign_views.campaign, name="campaign"),
    path("campaigns/<uuid:campaign_id>/close/", campaign_views.close, name="close-campaign"),
]
