"""Drives Stripe's own Python package against the test gateway whose address is the argument. Prints "ok", or a traceback."""
import http.server
import sys
import threading
import time

import stripe

stripe.api_key = "sk_test_of_the_package"
stripe.api_base = sys.argv[1]
stripe.max_network_retries = 1

secret = None
events = []


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        events.append(stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], secret))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def fault(kind):
    requestor = stripe.api_requestor.APIRequestor()
    requestor.request("post", "/v1/test_helpers/faults", {"kind": kind, "method": "POST", "path": "/v1/payment_intents"})


def refused(call, **parameters):
    try:
        call(**parameters)
    except stripe.error.StripeError as error:
        return error
    raise AssertionError("nothing was refused")


def heard(kind, identity):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for event in list(events):
            if event.type == kind and event.data.object.id == identity:
                return event
        time.sleep(0.02)
    raise AssertionError(f"no {kind} for {identity}")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = stripe.WebhookEndpoint.create(url=f"http://127.0.0.1:{server.server_port}/", enabled_events=["*"])
secret = endpoint.secret

# a card is registered and charged
customer = stripe.Customer.create(name="Zoë", email="zoe@members.example", metadata={"account_id": "ü&="})
assert customer.metadata["account_id"] == "ü&="
setup = stripe.SetupIntent.create(customer=customer.id, payment_method_types=["card"], usage="off_session")
setup = stripe.SetupIntent.confirm(setup.id, payment_method="pm_card_mastercard")
assert setup.status == "succeeded", setup.status
charge = dict(amount=500, currency="chf", customer=customer.id, payment_method=setup.payment_method, payment_method_types=["card"],
              off_session=True, confirm=True, metadata={"invoice": "7"})
key = f"pi-{time.time_ns()}"
intent = stripe.PaymentIntent.create(**charge, idempotency_key=key, expand=["latest_charge.balance_transaction"])
assert intent.status == "succeeded" and intent.latest_charge.balance_transaction.fee == 45
again = stripe.PaymentIntent.create(**charge, idempotency_key=key, expand=["latest_charge.balance_transaction"])
assert again.id == intent.id and again.last_response.headers["Idempotent-Replayed"] == "true"
error = refused(stripe.PaymentIntent.create, **{**charge, "amount": 600}, idempotency_key=key)
assert isinstance(error, stripe.error.IdempotencyError), error
event = heard("payment_intent.succeeded", intent.id)
assert event["request"].idempotency_key == key

# refusals come as the package's own exceptions
error = refused(stripe.PaymentIntent.create, **{**charge, "payment_method": "pm_card_chargeCustomerFail"})
assert isinstance(error, stripe.error.CardError) and error.error.decline_code == "generic_decline"
assert error.error.payment_intent.status == "requires_payment_method"
error = refused(stripe.PaymentIntent.create, **{**charge, "payment_method": "pm_card_authenticationRequired"})
assert error.code == "authentication_required" and error.http_status == 402
error = refused(stripe.PaymentIntent.create, amount=1, currency="chf")
assert isinstance(error, stripe.error.InvalidRequestError) and error.code == "amount_too_small" and error.param == "amount"
error = refused(stripe.PaymentIntent.retrieve, id="pi_none")
assert error.http_status == 404 and error.code == "resource_missing"
error = refused(stripe.Customer.create, api_key="sk_live_of_somebody")
assert isinstance(error, stripe.error.AuthenticationError)

# the package tries again by itself, and nothing is done twice
before = len(stripe.PaymentIntent.list(customer=customer.id, limit=100).data)
for kind in ("drop_before", "drop_after"):
    fault(kind)
    assert stripe.PaymentIntent.create(**charge).status == "succeeded"
assert len(stripe.PaymentIntent.list(customer=customer.id, limit=100).data) == before + 2
fault("rate_limit")
assert isinstance(refused(stripe.PaymentIntent.create, **charge), stripe.error.RateLimitError)

# money back
refund = stripe.Refund.create(payment_intent=intent.id, amount=200)
assert refund.status == "succeeded"
heard("refund.created", refund.id)
assert stripe.Charge.retrieve(refund.charge).amount_refunded == 200

# lists, page by page
identities = [each.id for each in stripe.PaymentIntent.list(customer=customer.id, limit=2).auto_paging_iter()]
assert len(identities) == len(set(identities)) == before + 2, identities
assert [each.id for each in stripe.PaymentMethod.list(customer=customer.id, type="card")] == [setup.payment_method]

stripe.PaymentMethod.detach(setup.payment_method)
assert stripe.Customer.delete(customer.id).deleted
stripe.WebhookEndpoint.delete(endpoint.id)
print("ok")
