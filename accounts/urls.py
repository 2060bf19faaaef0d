"""Addresses of organisations, members and invitations."""

from django.urls import path

from accounts.views import files, invitations, login, members, organisations

app_name = "accounts"

urlpatterns = [
    path("terms/", login.terms, name="terms"),
    path("invitations/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("workspace/organisation/", organisations.organisation, name="organisation"),
    path("workspace/organisation/new/", organisations.organisation_new, name="organisation_new"),
    path("workspace/organisation/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("workspace/organisation/switch/", organisations.switch, name="switch"),
    path("workspace/organisation/industries/", organisations.industries, name="industries"),
    path("workspace/organisation/members/", members.member_list, name="members"),
    path("workspace/organisation/members/<int:pk>/", members.member_edit, name="member_edit"),
    path("workspace/organisation/members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("workspace/organisation/members/<int:pk>/decide/", members.decide, name="decide_join"),
    path("workspace/organisation/invite/", invitations.invite_colleague, name="invite"),
    path(
        "workspace/organisation/invitations/<int:pk>/resend/",
        invitations.resend_invitation,
        name="invitation_resend",
    ),
    path(
        "workspace/organisation/invitations/<int:pk>/revoke/",
        invitations.revoke_invitation,
        name="invitation_revoke",
    ),
    path("workspace/organisations/<int:pk>/licence/", files.licence, name="licence"),
]
