"""What staff, the bank and the organizations do with the money of the demo's campaign, day by day."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import requests

from common import clock
from common.money import dollars
from demo.stage import Stage
from demo.visitor import Lost, Visitor
from donations.giving import tasks

# How each organization is paid, and where.
PAYEES = {
    "breaking-free": ("check", "1660 North 2nd Street, Minneapolis"),
    "source": ("ach", "Mill City Bank, ending in 4410"),
    "the-link": ("ach", "North Side Credit Union, ending in 0922"),
}
PAID_CENTS, FEE_CENTS = 250_000, -400
OFFLINE = [
    {"amount": "60", "name": "Karen Anderson", "method": "cash", "detail": "", "shown": "full"},
    {"amount": "120", "name": "Lund Hardware", "method": "check", "detail": "2201, Mill City Bank", "shown": "full"},
    {"amount": "200", "name": "North End Rotary", "method": "check", "detail": "", "pledged": "on", "shown": "full"},
]
FILE = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{now}<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>091000019<ACCTID>000123456789<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{first}<DTEND>{now}
{lines}</BANKTRANLIST>
<LEDGERBAL><BALAMT>{balance}<DTASOF>{now}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@dataclass
class Bank:
    """The account that payouts go to: what its statement shows so far."""

    lines: list[tuple[datetime, int, str]] = field(default_factory=list)

    def show(self, cents: int, words: str) -> None:
        self.lines.append((clock.now(), cents, words))

    def file(self) -> str:
        """The statement of all days so far, as the bank's site would hand it out."""
        rows = [
            f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{at:%Y%m%d}<TRNAMT>{cents / 100:.2f}"
            f"<FITID>{number}<NAME>{words}</STMTTRN>\n"
            for number, (at, cents, words) in enumerate(self.lines, start=1)
        ]
        balance = f"{sum(cents for _at, cents, _words in self.lines) / 100:.2f}"
        days = {"first": f"{self.lines[0][0]:%Y%m%d}", "now": f"{clock.now():%Y%m%d}"}
        return FILE.format(lines="".join(rows), balance=balance, **days)


@dataclass
class Office:
    """Who works with the money, each signed in."""

    stage: Stage
    treasurer: Visitor
    approver: Visitor
    charities: list[Visitor]
    bank: Bank = field(default_factory=Bank)
    payouts: list[int] = field(default_factory=list)

    def after(self, day: int) -> None:
        """What the office does at the end of this day of the campaign."""
        acts: dict[int, Callable[[], None]] = {
            0: self._say_how_the_three_are_paid,
            9: self._enter_offline_gifts,
            13: self._refund,
            17: self._answer_disputes,
            20: self._pay_out,
            22: self._read_the_first_statement,
            23: self._pay_the_three,
            26: self._read_the_second_statement,
            28: self._pay_out,
        }
        if day in acts:
            self._read_stripe()
            acts[day]()

    @staticmethod
    def _read_stripe() -> None:
        """What the worker does every few seconds, before somebody looks: these days are short."""
        tasks.drain_inbox()
        tasks.sync_feed()

    def _say_how_the_three_are_paid(self) -> None:
        page = self.treasurer.open("/desk/disbursements").page.text
        for number in dict.fromkeys(re.findall(r"/desk/disbursements/payees/(\d+)", page)):
            self.treasurer.open(f"/desk/disbursements/payees/{number}")
            slug = next(slug for slug in PAYEES if self.treasurer.sees(slug.replace("-", " ").title()))
            method, account = PAYEES[slug]
            self.treasurer.send("account", method=method, account=account)

    def _enter_offline_gifts(self) -> None:
        for gift in OFFLINE:
            self.treasurer.open("/desk/offline/new").send("form_token", **gift).expect("is entered")

    def _refund(self) -> None:
        """One gift goes back whole, of another a part."""
        listed = re.findall(r'href="/desk/gifts/(\d+)"', self.treasurer.open("/desk/gifts").page.text)
        asked = 0
        for number in list(dict.fromkeys(listed))[15:]:
            refund = self.treasurer.open(f"/desk/gifts/{number}/refund")
            names = dict(re.findall(r'name="(item:[^"]+)".*?Up to \$([\d,.]+)\.', refund.page.text, re.DOTALL))
            if names and asked < 2:
                wanted = {name: "5.00" if asked else cents for name, cents in names.items()}
                wanted = {name: cents for name, cents in wanted.items() if not (asked and "cover" in name)}
                refund.send("form_token", reason="The donor asked for it back", **wanted).expect("goes back")
                asked += 1
        if asked < 2:
            raise Lost("the desk offers no two gifts to give back")
        self.stage.deliver()

    def _answer_disputes(self) -> None:
        """Two banks ask for money back: one is answered and won, the other is given up."""
        page = self.treasurer.open("/desk/disputes").page.text
        first, second = list(dict.fromkeys(re.findall(r'href="/desk/disputes/(du_[^"/]+)"', page)))[:2]
        self.treasurer.open(f"/desk/disputes/{first}")
        self.treasurer.send("uncategorized_text", uncategorized_text="winning_evidence", send="1").expect("is sent")
        self.treasurer.open(f"/desk/disputes/{second}/accept").press("/accept|^$").expect("is given up")
        self.stage.deliver()

    def _pay_out(self) -> None:
        """Stripe pays out by itself whatever is available."""
        answer = requests.post(f"{self.stage.sandbox}/_sandbox/payouts/run", json={}, timeout=30)
        answer.raise_for_status()
        self.payouts += [payout["amount"] for payout in answer.json()["payouts"]]

    def _read_the_first_statement(self) -> None:
        self.bank.show(self.payouts[0], "STRIPE TRANSFER")
        self.bank.show(18_000, "BRANCH DEPOSIT")
        self.bank.show(FEE_CENTS, "MONTHLY SERVICE FEE")
        self._read_statement()

    def _read_the_second_statement(self) -> None:
        for words in ("CHECK 101", "ACH DEBIT SOURCE 0002", "ACH DEBIT THE LINK 0003"):
            self.bank.show(-PAID_CENTS, words)
        self._read_statement()

    def _read_statement(self) -> None:
        """The treasurer adds the bank's file, confirms what the desk proposes, and says what is a fee."""
        name = f"statement-{clock.now():%Y-%m-%d}.ofx"
        self.treasurer.open("/desk/bank/upload").send_file("statement", name, self.bank.file())
        self.treasurer.press("/uploads?/|^$").expect("new line")
        for _line in range(10):
            if not self.treasurer.open("/desk/bank").sees("/match"):
                break
            self.treasurer.press("/match$").expect("is matched")
        for number in dict.fromkeys(re.findall(r'href="/desk/bank/lines/(\d+)"', self.treasurer.page.text)):
            self.treasurer.open(f"/desk/bank/lines/{number}").press("/say$", what="fee")

    def _pay_the_three(self) -> None:
        """One proposes, another approves, each is sent; two of the three have said so far that it arrived."""
        lanes = re.findall(r'name="(lane\d+)"', self.treasurer.open("/desk/disbursements/propose").page.text)
        self.treasurer.send("form_token", **dict.fromkeys(lanes, dollars(PAID_CENTS))).expect(
            "Another person approves it"
        )
        batch = self.treasurer.page.url
        self.approver.open(batch).press("/approve$")
        for number, evidence in enumerate(("check 101", "ACH trace 0002", "ACH trace 0003")):
            sends = self.treasurer.open(batch).actions(r"/payments/\d+/send$")
            if len(sends) != 3 - number:
                raise Lost(f"{batch} offers to send {len(sends)} payments")
            self.treasurer.press(re.escape(sends[0]), evidence=evidence).expect("is on its way")

    def confirm(self) -> None:
        """Two organizations say that it arrived; the third has yet to."""
        for charity in self.charities:
            links = re.findall(r'href="(/charity/payments/\d+)"', charity.open("/charity").page.text)
            charity.open(links[0]).send("kind", kind="confirmed")
