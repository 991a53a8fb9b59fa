"""Statements as banks send them: the same three lines in every form, made by hand."""

from typing import Any

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20261105<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>{currency}
<BANKACCTFROM><BANKID>121000248<ACCTID>9876543210<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261104
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261102120000[-6:CST]<TRNAMT>4000.00<FITID>1<NAME>STRIPE
<MEMO>TRANSFER ST-A1</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20261103<TRNAMT>-1234.56<FITID>2<CHECKNUM>101<NAME>CHECK</STMTTRN>
<STMTTRN><TRNTYPE>FEE<DTPOSTED>20261104<TRNAMT>{fee}<FITID>3<NAME>MONTHLY FEE</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>{closing}<DTASOF>{as_of}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def ofx(**more: str) -> bytes:
    words = {"currency": "USD", "fee": "-1.50", "closing": "7763.94", "as_of": "20261104"} | more
    return OFX.format(**words).encode()


def bai(*details: str, currency: str = "USD", opening: str = "500000", closing: str = "776394") -> bytes:
    """One day, whose control totals come out; `details` are records of type 16, without the number."""
    rows = list(details) or [
        "165,400000,Z,,,STRIPE TRANSFER ST-A1",
        "475,123456,Z,,101,CHECK 101",
        "698,150,Z,,,MONTHLY FEE",
    ]
    total = int(opening) + int(closing) + sum(int(row.split(",")[1]) for row in rows)
    account = [f"03,9876543210,{currency},010,{opening},,Z,015,{closing},,Z/"]
    account += [f"16,{row}/" for row in rows] + [f"49,{total},{len(rows) + 2}/"]
    group = [f"02,NICC,BANK,1,261104,2359,{currency},2/", *account, f"98,{total},1,{len(account) + 2}/"]
    return "\n".join(["01,BANK,NICC,261105,0600,1,80,,2/", *group, f"99,{total},1,{len(group) + 2}/"]).encode() + b"\n"


ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def entry(amount: str, side: str, day: str, text: str, currency: str = "USD", status: str = "<Cd>BOOK</Cd>") -> str:
    return ENTRY.format(amount=amount, side=side, day=day, text=text, currency=currency, status=status)


def camt(*entries: str, closing: str = "7763.94", head: str = "") -> bytes:
    rows = "".join(entries) or "".join(
        [
            entry("4000.00", "CRDT", "2026-11-02", "STRIPE TRANSFER ST-A1"),
            entry("1234.56", "DBIT", "2026-11-03", "CHECK 101"),
            entry("1.50", "DBIT", "2026-11-04", "MONTHLY FEE"),
            entry("9.00", "DBIT", "2026-11-04", "CARD, PENDING", status="<Cd>PDNG</Cd>"),
        ]
    )
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount, day in [("OPBD", "5000.00", "2026-11-01"), ("CLBD", closing, "2026-11-04")]
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>9876543210</Id></Othr></Id></Acct>{balances}{rows}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


CSV = """Date,Description,Amount,Running Bal.
11/02/2026,STRIPE TRANSFER ST-A1,"4,000.00","9,000.00"
11/03/2026,CHECK 101,"(1,234.56)","7,765.44"
11/04/2026,MONTHLY FEE,-$1.50,"7,763.94"
"""
COLUMNS: dict[str, Any] = {
    "day": "0",
    "day_format": "%m/%d/%Y",
    "shape": "one",
    "amount": "2",
    "balance": "3",
    "text": ["1"],
}
