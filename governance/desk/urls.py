from django.urls import path

from governance.desk import administration, health, history, inbox, leaving, profile, views, welcome, writing

urlpatterns = [
    path("", views.home, name="home"),
    path("models/", views.models, name="models"),
    path("models/<uuid:model_id>/", views.model, name="model"),
    path("models/<uuid:model_id>/history/", history.history, name="history"),
    path("health/", health.health, name="health"),
    path("people/", administration.people, name="people"),
    path("people/invite/", administration.invite, name="invite"),
    path("people/<uuid:membership_id>/end/", leaving.end, name="end-membership"),
    path("tokens/", administration.tokens, name="tokens"),
    path("tokens/issue/", administration.issue, name="issue-token"),
    path("tokens/<uuid:token_id>/revoke/", administration.revoke, name="revoke-token"),
    path("models/<uuid:model_id>/outlines/", writing.choose, name="outlines"),
    path("drafts/<uuid:draft_id>/", writing.draft, name="draft"),
    path("drafts/<uuid:draft_id>/file/", writing.file, name="draft-file"),
    path("drafts/<uuid:draft_id>/discard/", writing.discard, name="discard-draft"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read-all"),
    path("inbox/<uuid:message_id>/", inbox.message, name="message"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="change-password"),
    path("password/", welcome.ask, name="password-reset"),
    path("password/sent/", welcome.asked, name="password-reset-done"),
    path("password/set/", welcome.done, name="password-reset-complete"),
    path("password/<str:uidb64>/<str:token>/", welcome.choose, name="password-reset-confirm"),
    path("welcome/<str:secret>/", welcome.invitation, name="invitation"),
]
