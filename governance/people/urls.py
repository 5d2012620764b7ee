from django.urls import path

from governance.people import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/<slug:code>/", views.language, name="language"),
    path("organisation/", views.work_for, name="switch-organisation"),
]
