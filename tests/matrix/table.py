"""What everybody may do: every route, for every part, by every method."""

from tests.matrix.world import PARTS

METHODS = ("get", "post", "put", "patch", "delete")

# One letter a method, in the order above; forms are sent empty.
LETTERS = {200: "o", 400: "b", 403: "f", 404: "n", 401: "t", 405: "m", 422: "u"}
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
leaderboard_tab             ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
leaderboard_search          ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
money                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
stories                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
help                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
privacy                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
me                          smmmm smmmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox                      ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox_mail                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
outbox_html                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm

photo                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
card                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
qr                          ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
sheet_a4                    ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
sheet_letter                ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_photo                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_qr                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_sheet_a4               ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_sheet_letter           ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_card                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
event_card                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
calendar                    ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
sitemap                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
robots                      ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm

register                    ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
register_start              oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
wait                        oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
waiver                      ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
waiver_version              ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
register_cart               nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
register_person             nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
register_edit               nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
register_remove             mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
register_code               nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
register_gift               nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
waiting                     nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
registration                nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
registration_free_entry     mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
registration_details        nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
registration_transfer       nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
registration_keep           mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
registration_cancel         nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
registration_defer          nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm

give                        oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
give_team                   oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
checkout                    nnmmm rrmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
change_registration         mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
give_event                  oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
give_fees                   oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
thanks                      nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
gift_shown                  nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
gift_email                  nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
gift_receipt                mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
receipt_pdf                 nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
trace                       nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
year_ask                    oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
year_sent                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
year                        nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
year_pdf                    nmmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
terms                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
refunds                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
webhook                     mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm mbmmm

teams                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_group                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
team_join                   osmmm osmmm oummm oummm oummm oummm oummm oummm oummm oummm
team_invited                osmmm osmmm oummm oummm oummm oummm oummm oummm oummm oummm
team_leave                  ssmmm ssmmm oummm rrmmm rrmmm rrmmm rrmmm rrmmm rrmmm rrmmm
my_team_new                 ssmmm ssmmm oummm rrmmm rrmmm rrmmm rrmmm rrmmm rrmmm rrmmm
my_team                     smmmm smmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
my_team_edit                ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_team_photo               ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_team_invite              ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_team_captains            ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_team_hide                msmmm msmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
my_team_link                msmmm msmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
my_team_answer              msmmm msmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
my_team_remove              ssmmm ssmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm

api                         ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
live                        ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
ready                       ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
metrics                     nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
api_schema                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_schema_yaml             ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_event                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_runners                 ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_runner                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_runner_gifts            ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_teams                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_team                    ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_gifts                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_day                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_board                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_place                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_money                   ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
api_me                      ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt
api_my_gifts                ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt ttttt
api_lost                    nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
api_token                   ssmmm ssmmm oummm oummm oummm oummm oummm oummm oummm oummm

desk                        smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm ommmm ommmm nmmmm
desk_gifts                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_gift                   smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_books                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_entries                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_refund                 ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_exports                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_export                 smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_bank                   smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_bank_lines             smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_bank_line              smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_match_line             msmmm msmmm mnmmm mnmmm mnmmm mummm mnmmm mnmmm mnmmm mnmmm
desk_say_line               msmmm msmmm mnmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mnmmm
desk_right_line             ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_statements             smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_upload                 ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_uploaded               ssmmm ssmmm nnmmm nnmmm nnmmm ormmm nnmmm nnmmm nnmmm nnmmm
desk_columns                ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_reconcile              smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_compare                msmmm msmmm mnmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm
desk_payout                 smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_disbursements          smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_propose                ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_batch                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_approve                msmmm msmmm mnmmm mnmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm
desk_withdraw               msmmm msmmm mnmmm mnmmm mnmmm mrmmm mrmmm mnmmm mnmmm mnmmm
desk_send                   msmmm msmmm mnmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm
desk_came_back              msmmm msmmm mnmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm mnmmm
desk_payee                  ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_place                  ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_close_alarm            ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_disputes               smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_dispute                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_answer_dispute         msmmm msmmm mnmmm mnmmm mummm mummm mnmmm mnmmm mnmmm mnmmm
desk_accept_dispute         ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_offline                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_offline_new            ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_offline_gift           smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_offline_came           msmmm msmmm mnmmm mnmmm mummm mummm mnmmm mnmmm mnmmm mnmmm
desk_offline_dropped        msmmm msmmm mnmmm mnmmm mrmmm mrmmm mnmmm mnmmm mnmmm mnmmm
desk_offline_back           msmmm msmmm mnmmm mnmmm mummm mummm mnmmm mnmmm mnmmm mnmmm
desk_offline_good           msmmm msmmm mnmmm mnmmm mrmmm mrmmm mnmmm mnmmm mnmmm mnmmm
desk_offline_imports        ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_offline_import         ssmmm ssmmm nnmmm nnmmm ormmm ormmm nnmmm nnmmm nnmmm nnmmm
desk_runners                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm ommmm ommmm nmmmm
desk_new_runner             ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_hide_runner            msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_teams                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm ommmm ommmm nmmmm
desk_groups                 ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_team                   ssmmm ssmmm nnmmm nnmmm ormmm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_move_gift              ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_move_page              ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_hide_team              msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_messages               smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm nmmmm ommmm nmmmm
desk_message                msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_thanks                 msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_giving                 ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_mails                  smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm ommmm nmmmm
desk_mail                   ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm

desk_registrations          smmmm smmmm nmmmm nmmmm ommmm ommmm nmmmm ommmm nmmmm nmmmm
desk_registration           smmmm smmmm nmmmm nmmmm ommmm ommmm nmmmm ommmm nmmmm nmmmm
desk_correct_entry          ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm oummm nnmmm nnmmm
desk_cancel_entry           ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_wait_list              smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm
desk_wait                   msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm
desk_promo_codes            ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_switch_code            msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm
desk_event_state            ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_event_note             ssmmm ssmmm nnmmm nnmmm rrmmm nnmmm nnmmm nnmmm nnmmm nnmmm
desk_checkin                smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm
desk_arrive                 msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mbmmm mnmmm mnmmm
desk_checkin_print          smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm
desk_checkin_csv            smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm
desk_checkin_offline        smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm
desk_checkin_worker         smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm ommmm nmmmm nmmmm

money_fees                  ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
sponsor_logo                ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
charity                     smmmm smmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm ommmm
charity_payment             ssmmm ssmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm oummm
charity_evidence            smmmm smmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm ommmm
charity_statement           smmmm smmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm ommmm
desk_evidence               ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_evidence_file          smmmm smmmm nmmmm nmmmm nmmmm ommmm nmmmm nmmmm nmmmm nmmmm
desk_statement_of           smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_hold_back              ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_closing                smmmm smmmm nmmmm nmmmm ommmm ommmm ommmm nmmmm nmmmm nmmmm
desk_allocate               ssmmm ssmmm nnmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm
desk_approve_allocation     msmmm msmmm mnmmm mnmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm
desk_withdraw_allocation    msmmm msmmm mnmmm mnmmm mnmmm mrmmm mrmmm mnmmm mnmmm mnmmm
desk_sponsors               ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm
desk_sponsor                ssmmm ssmmm nnmmm nnmmm oummm oummm nnmmm nnmmm nnmmm nnmmm

claim                       oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
report                      oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
report_team                 oummm oummm oummm oummm oummm oummm oummm oummm oummm oummm
email_answer                oommm oommm oommm oommm oommm oommm oommm oommm oommm oommm
email_stop                  oommm oommm oommm oommm oommm oommm oommm oommm oommm oommm
mail_off                    oommm oommm oommm oommm oommm oommm oommm oommm oommm oommm
updates                     ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
my_claim                    msmmm msmmm mrmmm mrmmm mrmmm mrmmm mrmmm mrmmm mrmmm mrmmm
my_email                    ssmmm ssmmm oummm oummm oummm oummm oummm oummm oummm oummm
my_page                     smmmm smmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
my_gifts                    smmmm smmmm ommmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
my_edit                     ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_audience                 ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_photo                    ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_address                  ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_updates                  ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_thank                    ssmmm ssmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm nnmmm
my_remove_update            msmmm msmmm mrmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
my_hide                     msmmm msmmm mbmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm mnmmm
desk_reports                smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm nmmmm ommmm nmmmm
desk_updates                smmmm smmmm nmmmm nmmmm ommmm nmmmm nmmmm nmmmm ommmm nmmmm
desk_close_report           msmmm msmmm mnmmm mnmmm mrmmm mnmmm mnmmm mnmmm mrmmm mnmmm
desk_hide_update            msmmm msmmm mnmmm mnmmm mbmmm mnmmm mnmmm mnmmm mbmmm mnmmm
desk_runner_email           ssmmm ssmmm nnmmm nnmmm oummm nnmmm nnmmm nnmmm nnmmm nnmmm

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
mfa_activate_totp           sssss sssss ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_deactivate_totp         sssss sssss nnnnn nnnnn rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_view_recovery_codes     sssss sssss nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm nmmmm
mfa_generate_recovery_codes sssss sssss ooomm ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_download_recovery_codes sssss sssss nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn
mfa_list_webauthn           sssss sssss ommmm ommmm ommmm ommmm ommmm ommmm ommmm ommmm
mfa_add_webauthn            sssss sssss ooomm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_login_webauthn          rrrmm rrrmm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_reauthenticate_webauthn sssss sssss fffff fffff rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_edit_webauthn           sssss sssss nnnmm nnnmm rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
mfa_remove_webauthn         sssss sssss nnmmn nnmmn rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr
"""
ROWS = {
    name: dict(zip(PARTS, cells, strict=True))
    for name, *cells in (line.split() for line in TABLE.splitlines() if line.strip())
}
