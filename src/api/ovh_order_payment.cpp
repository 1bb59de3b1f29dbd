#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "api/ovh_me.h"
#include "api/ovh_orders.h"

#include <algorithm>

namespace api {
namespace {

using domain::AttemptState;
using domain::PaymentMethodType;
using http::JsonText;
using http::Request;
using http::Response;
using store::NumberedMethod;

OvhError payment_required(const std::string& message) { return {402, "PAYMENT_REQUIRED", "Client::PaymentRequired", message}; }

OvhError cannot_be_paid_with(const std::string& means, const std::string& remedy)
{
    return {403, "FORBIDDEN", "Client::Forbidden", "This order can't be paid with '" + means + "': " + remedy};
}

/// What is under way is success: the status of the order tells how it ends.
Response answer_of(const service::MemberPayment& payment)
{
    switch (payment.state) {
    case AttemptState::succeeded:
    case AttemptState::planned:
    case AttemptState::asked:
    case AttemptState::processing: return ovh_void();
    case AttemptState::waiting:
        throw payment_required("your bank wants you to confirm the payment: open " + payment.next_action_url + "; the order waits for it");
    case AttemptState::failed:
    case AttemptState::canceled: break;
    }
    throw payment_required(
        "the card was refused (" + payment.told_code + "); the order can still be paid: use another card or ask your bank");
}

Response pay_on_bill(domain::MemberId member, std::int64_t order, const std::string& means, const OvhOrderServices& services)
{
    if (services.payments.pay_on_bill(member, order)) return ovh_void();
    throw cannot_be_paid_with(
        means, "your default payment method is a card; make the bill the default one first, PUT /payment-methods/{id}/default");
}

Response pay_with(const NumberedMethod& numbered, domain::MemberId member, std::int64_t order, const OvhOrderServices& services)
{
    if (numbered.method.type == PaymentMethodType::card)
        return answer_of(services.payments.pay_by_card(member, order, numbered.method.uuid));
    return pay_on_bill(member, order, "paymentMethod " + std::to_string(numbered.number), services);
}

NumberedMethod method_of(domain::MemberId member, std::int64_t number, const char* name, const OvhOrderServices& services)
{
    const auto methods = services.payments.methods(member);
    const auto found = std::ranges::find(methods, number, &NumberedMethod::number);
    if (found == methods.end()) throw OvhError::not_found(name, std::to_string(number));
    return *found;
}

Response pay(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    auto form = ovh_form(request);
    const auto number = form.object("paymentMethod").integer("id", 1, INT64_MAX);
    form.finish();
    const auto view = ovh_order_of(request, caller, services.history);
    const auto member = caller.member->member;
    return pay_with(method_of(member, number, "paymentMethodId", services), member, view.checkout.id, services);
}

/// The words of payment means that we know, by what they pay with here.
bool is_card_means(const std::string& means) { return means == "CREDIT_CARD" || means == "creditCard"; }
bool is_bill_means(const std::string& means) { return means == "DEFERRED_PAYMENT_ACCOUNT" || means == "deferredPaymentAccount"; }

Response pay_with_means(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    auto form = ovh_form(request);
    const auto means = form.choice("paymentMean",
        {"CREDIT_CARD", "CURRENT_ACCOUNT", "DEFERRED_PAYMENT_ACCOUNT", "DOMESTIC_CARD", "ENTERPRISE", "INTERNAL_TRUSTED_ACCOUNT", "PAYPAL",
            "RUPAY", "SEPA_DIRECT_DEBIT", "bankAccount", "creditCard", "deferredPaymentAccount", "fidelityAccount", "ovhAccount",
            "paypal"});
    std::optional<std::int64_t> number;
    if (form.has("paymentMeanId")) number = form.integer("paymentMeanId", 1, INT64_MAX);
    form.finish();
    const auto view = ovh_order_of(request, caller, services.history);
    const auto member = caller.member->member;
    if (number && (is_card_means(means) || is_bill_means(means))) {
        const auto method = method_of(member, *number, "paymentMeanId", services);
        if (is_card_means(means) == (method.method.type == PaymentMethodType::card))
            return pay_with(method, member, view.checkout.id, services);
        throw cannot_be_paid_with(means, "payment mean " + std::to_string(*number) + " is another one");
    }
    if (is_card_means(means)) return answer_of(services.payments.pay_by_card(member, view.checkout.id, std::nullopt));
    if (is_bill_means(means)) return pay_on_bill(member, view.checkout.id, means, services);
    if (means == "fidelityAccount" && view.checkout.gross.minor == 0) return ovh_void(); // nothing is to be paid
    throw cannot_be_paid_with(
        means, "GET /me/order/" + std::to_string(view.checkout.id) + "/availableRegisteredPaymentMean lists what it can be paid with");
}

JsonText available_means(const service::CheckoutView& view, const std::vector<NumberedMethod>& methods)
{
    auto json = JsonText::array();
    const auto add = [&](const char* means) { json.push(JsonText::object().set("paymentMean", means)); };
    const auto has = [&](PaymentMethodType type) {
        return std::ranges::any_of(methods, [type](const NumberedMethod& method) { return method.method.type == type; });
    };
    if (has(PaymentMethodType::card)) add("creditCard");
    if (has(PaymentMethodType::invoice)) add("deferredPaymentAccount");
    if (view.checkout.gross.minor == 0) add("fidelityAccount");
    return json;
}

/// A way to pay that can be registered, in the browser.
JsonText available_json(const char* type, const char* icon)
{
    auto json = JsonText::object();
    json.set("formSessionId", JsonText::null());
    json.set("icon", JsonText::object().set("data", JsonText::null()).set("name", icon).set("url", JsonText::null()));
    json.set("integration", "REDIRECT").set("merchantId", JsonText::null()).set("oneshot", false);
    json.set("organizationId", JsonText::null()).set("paymentSubType", JsonText::null()).set("paymentType", type);
    return std::move(json.set("registerable", true).set("registerableWithTransaction", false));
}

JsonText methods_json(const std::vector<NumberedMethod>& methods)
{
    auto available = JsonText::array(), full = JsonText::array(), registered = JsonText::array();
    available.push(available_json(ovh_payment_type(PaymentMethodType::card), "card"));
    for (const auto& method : methods) {
        full.push(ovh_payment_method(method));
        registered.push(method.number);
    }
    auto json = JsonText::object();
    return std::move(json.set("available", available).set("paymentMethods", full).set("registered", registered));
}

Response payment(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    const auto view = ovh_order_of(request, caller, services.history);
    if (view.documents.empty() || view.documents.front().open.minor > 0)
        throw OvhError{404, "NOT_FOUND", "Client::NotFound",
            "order " + request.segments[0] + " is not paid yet: GET /me/order/" + request.segments[0] + "/status tells how it stands"};
    const auto& document = view.documents.front();
    return ovh_ok(ovh_payment_json(services.history.payment(document.invoice), document.issued_at, view.checkout.gross.minor == 0));
}

Response retract(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    constexpr std::size_t max_comment = 200;
    auto form = ovh_form(request);
    const auto reason = form.choice("reason", {"competitor", "difficulty", "expensive", "other", "performance", "reliability", "unused"});
    const auto comment = form.optional_text("comment", max_comment);
    form.finish();
    const auto order = ovh_order_of(request, caller, services.history).checkout.id;
    services.retraction.withdraw(*caller.member, order, "withdrawn from (" + reason + ")" + (comment ? ": " + *comment : ""));
    return ovh_void();
}

} // namespace

JsonText ovh_payment_json(const std::optional<store::DocumentPayment>& payment, domain::Instant issued_at, bool is_free)
{
    auto json = JsonText::object();
    json.set("paymentDate", ovh_datetime(payment ? payment->received_at : issued_at));
    json.set("paymentIdentifier", payment ? JsonText{payment->uuid.text()} : JsonText::null());
    const char* type = is_free ? "free" : "creditAccount";
    if (payment) type = payment->means == domain::PaymentMeans::card ? "creditCard" : "transfer";
    return std::move(json.set("paymentType", type));
}

void add_ovh_order_payment_routes(OvhRoutes& routes, const OvhOrderServices& services)
{
    const std::string order = "/me/order/{orderId}";
    const auto on = [&](const char* method, const char* pattern, auto handler) {
        routes.with_login(method, order + pattern,
            [services, handler](const Request& request, const OvhCaller& caller) { return handler(request, caller, services); });
    };
    on("POST", "/pay", pay);
    on("POST", "/payWithRegisteredPaymentMean", pay_with_means);
    on("GET", "/payment", payment);
    on("POST", "/retraction", retract);
    on("POST", "/waiveRetraction", [](const Request& request, const OvhCaller& caller, const OvhOrderServices& all) {
        all.retraction.waive(caller.member->member, ovh_order_of(request, caller, all.history).checkout.id);
        return ovh_void();
    });
    on("GET", "/availableRegisteredPaymentMean", [](const Request& request, const OvhCaller& caller, const OvhOrderServices& all) {
        return ovh_ok(available_means(ovh_order_of(request, caller, all.history), all.payments.methods(caller.member->member)));
    });
    on("GET", "/paymentMethods", [](const Request& request, const OvhCaller& caller, const OvhOrderServices& all) {
        ovh_order_of(request, caller, all.history);
        return ovh_ok(methods_json(all.payments.methods(caller.member->member)));
    });
}

} // namespace api
