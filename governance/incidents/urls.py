"""The addresses of this room: what happened (views), what is written into it (handling), and the log (logbook)."""

from django.urls import path

from governance.incidents import handling, logbook, views

app_name = "incidents"

urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("incidents/<uuid:incident_id>/contain/", handling.contain, name="contain"),
    path("incidents/<uuid:incident_id>/close/", handling.close, name="close"),
    path("notices/<uuid:notice_id>/give/", handling.give, name="give"),
    path("models/<uuid:model_id>/incidents/open/", handling.open_incident, name="open"),
    path("models/<uuid:model_id>/stop/", handling.stop, name="stop"),
    path("authorisations/<uuid:authorisation_id>/suspend/", handling.suspend, name="suspend"),
    path("suspensions/<uuid:order_id>/lift/", handling.lift, name="lift"),
    path("suspensions/<uuid:order_id>/release/", handling.release, name="release"),
    path("models/<uuid:model_id>/oversight/", logbook.oversight, name="oversight"),
    path("models/<uuid:model_id>/objections/", logbook.objections, name="objections"),
    path("objections/<uuid:objection_id>/answer/", logbook.answer, name="answer"),
    path("models/<uuid:model_id>/drills/", logbook.drills, name="drills"),
    path("drills/<uuid:drill_id>/finish/", logbook.finish, name="finish"),
]
