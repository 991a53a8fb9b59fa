"""The addresses of the payment page."""

from urllib.parse import parse_qs

from stripe_sandbox import hosted_page, pay_form
from stripe_sandbox.answers import Answer, Request, page_answer, redirect
from stripe_sandbox.payments import Outcome, answer_challenge, pay_by_card, pay_by_debit
from stripe_sandbox.store import Json
from stripe_sandbox.world import World


class HostedPages:
    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Answer:
        if request.path == "/c/style.css":
            return Answer(200, hosted_page.STYLE.encode(), "text/css", {"Cache-Control": "max-age=60"})
        parts = request.path.removeprefix("/c/pay/").split("/")
        with self.world.step():
            session = self.world.store.get("checkout.session", parts[0])
            if session is None or parts[1:] not in ([], ["authenticate"]):
                return page_answer(404, hosted_page.note("Page not found", "There is no such payment page."))
            if session["status"] != "open":
                return closed(session)
            if parts[1:]:
                return self._authenticate(session, request)
            if request.method == "POST":
                return self._pay(session, request)
            return page_answer(200, hosted_page.pay_page(session, pay_form.empty(session)))

    def _pay(self, session: Json, request: Request) -> Answer:
        form = pay_form.read(session, request.body, self.world.clock.now())
        if form.errors:
            return page_answer(422, hosted_page.pay_page(session, form))
        if form.values["method"] == "card":
            outcome = pay_by_card(self.world, session, form.card, form.payer)
        else:
            outcome = pay_by_debit(self.world, session, form.account, form.payer)
        return after(session, outcome, form)

    def _authenticate(self, session: Json, request: Request) -> Answer:
        challenge = session.get("_challenge")
        if challenge is None:
            return redirect(f"/c/pay/{session['id']}")
        if request.method != "POST":
            return page_answer(200, hosted_page.challenge_page(session))
        result = parse_qs(request.body.decode(errors="replace")).get("result")
        form = pay_form.empty(session)
        form.values.update(challenge["payer"])
        return after(session, answer_challenge(self.world, session, passed=result == ["complete"]), form)


def after(session: Json, outcome: Outcome, form: pay_form.PayForm) -> Answer:
    if outcome.status == "authenticate":
        return redirect(f"/c/pay/{session['id']}/authenticate")
    if outcome.error is not None:
        form.errors = {_field(outcome.error["code"]): outcome.error["message"]}
        return page_answer(402, hosted_page.pay_page(session, form))
    return closed(session)


def _field(code: str) -> str:
    return {"incorrect_cvc": "cvc", "expired_card": "expiry"}.get(code, "card_number")


def closed(session: Json) -> Answer:
    """A session that was paid, in whatever tab, goes on to its success page; an expired one says so."""
    if session["status"] == "complete":
        return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
    link = (session["cancel_url"], "Back") if session["cancel_url"] else None
    sentence = "This payment page has expired and nothing was charged. Go back and start again."
    return page_answer(410, hosted_page.note("This page has expired", sentence, link))
