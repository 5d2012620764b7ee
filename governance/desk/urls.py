from django.urls import path

from governance.desk import administration, views, welcome

urlpatterns = [
    path("", views.home, name="home"),
    path("models/", views.models, name="models"),
    path("models/<uuid:model_id>/", views.model, name="model"),
    path("people/", administration.people, name="people"),
    path("people/invite/", administration.invite, name="invite"),
    path("people/<uuid:membership_id>/end/", administration.end, name="end-membership"),
    path("tokens/", administration.tokens, name="tokens"),
    path("tokens/issue/", administration.issue, name="issue-token"),
    path("tokens/<uuid:token_id>/revoke/", administration.revoke, name="revoke-token"),
    path("password/", welcome.ask, name="password-reset"),
    path("password/sent/", welcome.asked, name="password-reset-done"),
    path("password/set/", welcome.done, name="password-reset-complete"),
    path("password/<str:uidb64>/<str:token>/", welcome.choose, name="password-reset-confirm"),
    path("welcome/<str:secret>/", welcome.invitation, name="invitation"),
]
