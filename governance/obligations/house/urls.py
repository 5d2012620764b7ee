from django.urls import path

from governance.obligations.house import training_views, views

app_name = "house"

urlpatterns = [
    path("organisation/papers/", views.papers, name="papers"),
    path("organisation/papers/add/", views.add, name="add"),
    path("organisation/papers/<uuid:paper_id>/", views.paper, name="paper"),
    path("organisation/papers/<uuid:paper_id>/revise/", views.revise, name="revise"),
    path("organisation/revisions/<uuid:house_revision_id>/file/", views.file, name="file"),
    path("organisation/revisions/<uuid:house_revision_id>/review/", views.review, name="review"),
    path("organisation/revisions/<uuid:house_revision_id>/sign/", views.sign, name="sign"),
    path("organisation/revisions/<uuid:house_revision_id>/withdraw/", views.withdraw, name="withdraw"),
    path("organisation/trainings/", training_views.trainings, name="trainings"),
    path(
        "organisation/trainings/<uuid:training_id>/withdraw/",
        training_views.withdraw,
        name="withdraw-training",
    ),
]
