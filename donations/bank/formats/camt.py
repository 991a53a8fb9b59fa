"""CAMT.053 (ISO 20022), by defusedxml: no entity, no document type, nothing fetched."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from common.money import signed_cents
from donations.bank.lines import BadStatement, Line, Told, words_of

_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_WORDS = (
    *("AddtlNtryInf", "NtryDtls/TxDtls/RmtInf/Ustrd", "NtryDtls/TxDtls/AddtlTxInf"),
    *("NtryDtls/TxDtls/RltdPties/Dbtr/Nm", "NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm"),
    *("NtryDtls/TxDtls/RltdPties/Cdtr/Nm", "NtryDtls/TxDtls/RltdPties/Cdtr/Pty/Nm"),
    *("NtryDtls/TxDtls/Refs/EndToEndId", "NtryDtls/TxDtls/Refs/ChqNb"),
)


def is_mine(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n")
    return head.startswith(b"<") or b"camt.05" in head


def read(content: bytes) -> Told:
    """Raises BadStatement for half a file, several accounts, another currency, or XML that does more than say."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadStatement(_("The file is not whole, or not XML as a bank sends it.")) from error
    for element in root.iter():
        # Every version of the form has its own name space; the names within are the same.
        element.tag = element.tag.rpartition("}")[2]
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise BadStatement(_("The file is XML, but not a bank's statement (camt.053)."))
    try:
        return _told(statements)
    except (ValueError, AttributeError) as error:
        raise BadStatement(_("A line of the file cannot be read. Nothing was kept.")) from error


def _told(statements: list[Element]) -> Told:
    accounts = {_text(one, "Acct/Id/IBAN") or _text(one, "Acct/Id/Othr/Id") for one in statements}
    if len(accounts) != 1:
        raise BadStatement(_("The file does not hold one account's statement. Ask the bank for the one account."))
    if {amount.get("Ccy") for one in statements for amount in one.findall(".//Ntry/Amt")} - {"USD"}:
        raise BadStatement(_("The file is not in US dollars."))
    lines = sorted((line for one in statements for line in _lines(one)), key=lambda line: line.happened_on)
    opening = [cents for one in statements for cents in _balances(one, _OPENING)]
    closing = [cents for one in statements for cents in _balances(one, _CLOSING)]
    return Told(
        form="camt",
        lines=tuple(lines),
        opening_cents=min(opening)[1] if opening else None,
        closing_cents=max(closing)[1] if closing else None,
        account=(accounts.pop() or "")[-4:],
    )


def _lines(statement: Element) -> Iterator[Line]:
    for entry in statement.findall("Ntry"):
        # What is pending or for information is not in the balance; it comes again when it is booked.
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK":
            words = (part.text for path in _WORDS for part in entry.findall(path))
            yield Line(_day(entry, "BookgDt"), _cents(entry), words_of(*words))


def _balances(statement: Element, codes: tuple[str, ...]) -> Iterator[tuple[date, int]]:
    """Each with its day. A page break's balances (ITBD and the like) are not among them."""
    for balance in statement.findall("Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes:
            yield _day(balance, "Dt"), _cents(balance)


def _cents(element: Element) -> int:
    sign = {"CRDT": 1, "DBIT": -1}.get(_text(element, "CdtDbtInd"))
    cents = signed_cents(_text(element, "Amt"))
    if sign is None or cents < 0:
        raise ValueError("an amount without its direction")
    return sign * cents


def _day(element: Element, name: str) -> date:
    return date.fromisoformat((_text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm"))[:10])


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
