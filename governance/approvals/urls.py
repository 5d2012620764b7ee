from django.urls import path

from governance.approvals import asking, views

app_name = "approvals"

urlpatterns = [
    path("committee/", views.committee, name="committee"),
    path("requests/<uuid:request_id>/", views.request_page, name="request"),
    path("requests/<uuid:request_id>/vote/", views.vote, name="vote"),
    path("requests/<uuid:request_id>/recommend/", views.recommend, name="recommend"),
    path("requests/<uuid:request_id>/conditions/", views.add_condition, name="add-condition"),
    path("requests/<uuid:request_id>/withdraw/", views.withdraw, name="withdraw"),
    path("versions/<uuid:version_id>/request/", asking.ask, name="ask"),
    path("models/<uuid:model_id>/gate/", asking.gate_page, name="gate"),
]
