"""The HTML of the payment page: plain, by keyboard, without JavaScript."""

from html import escape

from stripe_sandbox.pay_form import PayForm
from stripe_sandbox.store import Json

STYLE = """
:root { --ink: #1a1f36; --quiet: #4f566b; --line: #8792a2; --wrong: #b3093c; --act: #4b45c6; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink); background: #fff; }
.banner { background: #ffdf9e; color: #1a1f36; padding: .5rem 1rem; text-align: center; font-weight: 600; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child, th:last-child { text-align: right; white-space: nowrap; }
tfoot th, tfoot td { font-size: 1.25rem; font-weight: 700; border: 0; }
small, .hint { color: var(--quiet); display: block; font-size: .9375rem; font-weight: 400; }
fieldset { border: 1px solid var(--line); border-radius: .25rem; padding: .5rem 1rem 1rem; margin: 1rem 0; }
legend { font-weight: 600; padding: 0 .25rem; }
label { display: block; font-weight: 600; margin-top: .75rem; }
.choice { display: flex; gap: .5rem; align-items: center; min-height: 2.75rem; margin: 0; }
.choice input { width: 1.5rem; height: 1.5rem; }
input:not([type=radio]) { width: 100%; font: inherit; padding: .5rem; border: 2px solid var(--ink);
  border-radius: .25rem; }
input.short { max-width: 9rem; }
[aria-invalid=true] { border-color: var(--wrong) !important; }
.error { color: var(--wrong); font-weight: 600; display: block; }
.summary { border: 4px solid var(--wrong); padding: .5rem 1rem; margin: 1rem 0; }
.summary a { color: var(--wrong); font-weight: 600; }
:focus-visible { outline: 3px solid #ffbf47; outline-offset: 2px; box-shadow: 0 0 0 5px var(--ink); }
button { font: inherit; font-weight: 600; color: #fff; background: var(--act); border: 0; border-radius: .25rem;
  padding: .75rem 1.5rem; min-height: 3rem; cursor: pointer; }
button.second { color: var(--ink); background: #e3e8ee; }
form:has(#method_card:checked) .debit, form:has(#method_us_bank_account:checked) .card { display: none; }
"""

METHODS = {"card": "Card", "us_bank_account": "US bank account (ACH)"}


def money(cents: int, currency: str) -> str:
    amount = f"{cents // 100:,}.{cents % 100:02}"
    return f"${amount}" if currency == "usd" else f"{amount} {currency.upper()}"


def document(title: str, inner: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} - Stripe sandbox</title>
<link rel="stylesheet" href="/c/style.css">
</head>
<body>
<header class="banner" role="banner">Stripe sandbox: no real money</header>
<main>
{inner}
</main>
</body>
</html>
"""


def note(title: str, sentence: str, link: tuple[str, str] | None = None) -> str:
    """A page with one sentence, and perhaps one way on."""
    way = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    return document(title, f"<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>\n{way}")


def pay_page(session: Json, form: PayForm) -> str:
    total = money(session["amount_total"], session["currency"])
    back = session["cancel_url"]
    link = f'<p><a href="{escape(back)}">Back</a></p>' if back else ""
    inner = f"""{link}
{_summary(session, form)}<h1>Pay {total}</h1>
{_items(session)}
<form method="post" action="/c/pay/{session["id"]}" novalidate>
{_input(form, "email", "Email", kind="email", complete="email")}
{_choices(session, form)}
{_card_fields(session, form)}{_debit_fields(session, form)}
{_input(form, "name", "Name on card or account", complete="name")}
<p><button type="submit">Pay {total}</button></p>
</form>
<p class="hint">Card 4242 4242 4242 4242 with any future date and any code pays; so does account 000123456789.</p>"""
    title = f"Pay {total}"
    return document(f"Error: {title}" if form.errors else title, inner)


def _summary(session: Json, form: PayForm) -> str:
    if not form.errors:
        return ""
    points = "".join(
        f'<li><a href="#{_target(session, name)}">{escape(message)}</a></li>' for name, message in form.errors.items()
    )
    return (
        '<div class="summary" role="alert" aria-labelledby="problem" tabindex="-1">\n'
        f'<h2 id="problem">There is a problem</h2>\n<ul>{points}</ul>\n</div>\n'
    )


def _target(session: Json, name: str) -> str:
    return f"method_{session['payment_method_types'][0]}" if name == "method" else name


def _items(session: Json) -> str:
    rows = []
    for item in session["_line_items"]:
        about = f"<small>{escape(item['_note'])}</small>" if item.get("_note") else ""
        times = f" x {item['quantity']}" if item["quantity"] != 1 else ""
        price = money(item["amount_total"], item["currency"])
        rows.append(f"<tr><td>{escape(item['description'])}{times}{about}</td><td>{price}</td></tr>")
    total = money(session["amount_total"], session["currency"])
    return (
        '<table>\n<thead><tr><th scope="col">What you pay for</th><th scope="col">Amount</th></tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + f'\n</tbody>\n<tfoot><tr><th scope="row">Total</th><td>{total}</td></tr></tfoot>\n</table>'
    )


def _choices(session: Json, form: PayForm) -> str:
    choices = []
    for method in session["payment_method_types"]:
        checked = " checked" if form.values["method"] == method else ""
        choices.append(
            f'<p class="choice"><input type="radio" name="method" id="method_{method}" value="{method}"{checked}>'
            f'<label class="choice" for="method_{method}">{METHODS[method]}</label></p>'
        )
    error = form.errors.get("method")
    shown = f'<span class="error">{escape(error)}</span>' if error else ""
    return f"<fieldset><legend>How to pay</legend>{shown}\n" + "\n".join(choices) + "\n</fieldset>"


def _card_fields(session: Json, form: PayForm) -> str:
    if "card" not in session["payment_method_types"]:
        return ""
    return f"""<fieldset class="card"><legend>Card</legend>
{_input(form, "card_number", "Card number", digits=True, complete="cc-number")}
{_input(form, "expiry", "Expiry date", hint="Month and year, like 12 / 34", complete="cc-exp", short=True)}
{_input(form, "cvc", "CVC", hint="The 3 or 4 digits of the security code", digits=True, complete="cc-csc", short=True)}
</fieldset>
"""


def _debit_fields(session: Json, form: PayForm) -> str:
    if "us_bank_account" not in session["payment_method_types"]:
        return ""
    return f"""<fieldset class="debit"><legend>US bank account</legend>
<p class="hint">The money comes days later; until then the payment is pending.</p>
{_input(form, "routing_number", "Routing number", hint="The test bank's is 110000000", digits=True)}
{_input(form, "account_number", "Account number", digits=True)}
</fieldset>
"""


def _input(
    form: PayForm,
    name: str,
    label: str,
    *,
    kind: str = "text",
    hint: str = "",
    complete: str = "off",
    digits: bool = False,
    short: bool = False,
) -> str:
    error = form.errors.get(name)
    described = [f"{name}-hint"] * bool(hint) + [f"{name}-error"] * bool(error)
    attributes = [
        f'type="{kind}" id="{name}" name="{name}" value="{escape(form.values[name])}" autocomplete="{complete}"',
        'inputmode="numeric"' if digits else "",
        'class="short"' if short else "",
        f'aria-describedby="{" ".join(described)}"' if described else "",
        'aria-invalid="true"' if error else "",
    ]
    parts = [
        f'<label for="{name}">{escape(label)}</label>',
        f'<span class="hint" id="{name}-hint">{escape(hint)}</span>' if hint else "",
        f'<span class="error" id="{name}-error">Error: {escape(error)}</span>' if error else "",
        f"<input {' '.join(attribute for attribute in attributes if attribute)}>",
    ]
    return "\n".join(part for part in parts if part)


def challenge_page(session: Json) -> str:
    """The bank's page of 3-D Secure."""
    total = money(session["amount_total"], session["currency"])
    inner = f"""<h1>3-D Secure: is it you?</h1>
<p>Your test bank asks whether you want to pay {total}.</p>
<form method="post" action="/c/pay/{session["id"]}/authenticate">
<p><button type="submit" name="result" value="complete">Complete authentication</button></p>
<p><button type="submit" name="result" value="fail" class="second">Fail authentication</button></p>
</form>"""
    return document("3-D Secure", inner)
