"""What everybody may do: every route, for every part, by every method."""

from tests.matrix.world import PARTS

METHODS = ("get", "post", "put", "patch", "delete")

# One letter a method, in the order above; forms are sent empty.
LETTERS = {200: "o", 400: "b", 403: "f", 404: "n", 405: "m", 422: "u"}
# "s" is a redirect to sign in, "r" one to anywhere else of ours. Whatever else happens, a 500 above all, has no letter.
#
# Nobody holds the donor's private link but the donor. Staff is here with its second factor; what the guards do without
# one is in tests/accounts. The last block is allauth's: its forms answer PUT like POST, and before it touches a factor
# it asks for one anew, which is the redirect of staff. Runners have none.
#                           anonymous   runner      organizer   approver    moderator
#                                 donor       other       treasurer   coordinator charity
TABLE = """
home                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
fundraiser                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
leaderboard                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
money                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
stories                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
help                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
privacy                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
me                          smmmm smmmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox                      ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox_mail                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox_html                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm

give                        oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
give_event                  oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
give_fees                   oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
thanks                      nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
webhook                     mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm

desk                        smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm ommmm ommmm nmmmm
desk_gifts                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_gift                   smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_books                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_entries                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_place                  ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_close_alarm            ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_runners                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm ommmm ommmm nmmmm
desk_new_runner             ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_hide_runner            msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_mails                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_mail                   ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm

account_login               ooomm ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
account_request_login_code  ooomm ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
account_confirm_login_code  rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
account_logout              rrmmm rrmmm ormmm ormmm ormmm ormmm ormmm ormmm ormmm ormmm
account_signup              nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn
account_reauthenticate      sssss sssss fffff fffff rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
second_factor               sssss sssss ooooo ooooo rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_index                   sssss sssss ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
mfa_authenticate            rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_reauthenticate          sssss sssss fffff fffff ooomm ooomm ooomm ooomm ooomm ooomm
mfa_activate_totp           sssss sssss rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_deactivate_totp         sssss sssss nnnnn nnnnn rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_view_recovery_codes     sssss sssss nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
mfa_generate_recovery_codes sssss sssss ooomm ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_download_recovery_codes sssss sssss nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn
mfa_list_webauthn           sssss sssss ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
mfa_add_webauthn            sssss sssss rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_login_webauthn          rrrmm rrrmm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_reauthenticate_webauthn sssss sssss fffff fffff rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_edit_webauthn           sssss sssss nnnmm nnnmm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_remove_webauthn         sssss sssss nnmmn nnmmn rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
"""
ROWS = {
    name: dict(zip(PARTS, cells, strict=True))
    for name, *cells in (line.split() for line in TABLE.splitlines() if line.strip())
}
