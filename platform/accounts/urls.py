"""The pages of sign-in, under /accounts/: only what is wanted of allauth, under its own names; no passwords."""

from allauth.account.views import logout, reauthenticate
from allauth.mfa.base.views import authenticate, index
from allauth.mfa.recovery_codes.views import download_recovery_codes, generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import add_webauthn, edit_webauthn, list_webauthn, login_webauthn, remove_webauthn
from django.urls import path

from accounts import views

sign_in = views.SignInView.as_view()

urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("login/code/", sign_in, name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("logout/", logout, name="account_logout"),
    path("signup/", views.closed, name="account_signup"),
    # Sends on to one of the two below: nobody has a password to be asked for.
    path("reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("2fa/", index, name="mfa_index"),
    path("2fa/authenticate/", authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.ReauthenticateByCodeView.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", login_webauthn, name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/", views.ReauthenticateByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("2fa/webauthn/keys/<int:pk>/edit/", edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", remove_webauthn, name="mfa_remove_webauthn"),
]
