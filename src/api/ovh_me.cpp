#include "api/ovh_me.h"

#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "domain/subsidiary.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

JsonText or_null(const std::string& text) { return text.empty() ? JsonText::null() : JsonText{text}; }

/// The member's own country, if what is sold there has the currency of the account; else whichever has.
std::string subsidiary_of(const domain::Member& member)
{
    if (domain::currency_of_subsidiary(member.address.country) == member.currency) return member.address.country;
    return member.currency == domain::Currency::chf ? "CH" : "EU";
}

std::string locale_of(const std::string& language)
{
    if (language == "de") return "de_DE";
    if (language == "fr") return "fr_FR";
    return language == "it" ? "it_IT" : "en_GB";
}

bool is_complete(const domain::BillingAddress& address)
{
    return !address.street.empty() && !address.postal_code.empty() && !address.city.empty();
}

JsonText nichandle_json(const domain::Member& member)
{
    const auto& address = member.address;
    const bool is_euro = member.currency == domain::Currency::eur;
    const auto street = address.house_number.empty() ? address.street : address.street + ' ' + address.house_number;
    auto currency = JsonText::object();
    currency.set("code", domain::to_text(member.currency)).set("symbol", is_euro ? "€" : "CHF");
    auto json = JsonText::object();
    json.set("address", or_null(street)).set("area", JsonText::null()).set("birthCity", JsonText::null());
    json.set("birthDay", JsonText::null()).set("city", or_null(address.city));
    json.set("companyNationalIdentificationNumber", JsonText::null()).set("complementaryAddress", JsonText::null());
    json.set("corporationType", JsonText::null()).set("country", address.country).set("currency", currency);
    json.set("customerCode", member.uid).set("email", member.email).set("fax", JsonText::null()).set("firstname", JsonText::null());
    json.set("italianSDI", JsonText::null()).set("kycValidated", JsonText::null()).set("language", locale_of(member.language));
    json.set("legalform", member.kind == domain::CustomerKind::business ? "corporation" : "individual");
    json.set("name", or_null(address.name.empty() ? member.name : address.name)).set("nationalIdentificationNumber", JsonText::null());
    json.set("nichandle", member.uid).set("organisation", or_null(address.company)).set("ovhCompany", "ovh");
    json.set("ovhSubsidiary", subsidiary_of(member)).set("phone", JsonText::null()).set("phoneCountry", JsonText::null());
    json.set("phoneType", JsonText::null()).set("purposeOfPurchase", JsonText::null()).set("sex", JsonText::null());
    json.set("spareEmail", JsonText::null()).set("state", is_complete(address) ? "complete" : "incomplete");
    return std::move(json.set("vat", or_null(member.vat_id)).set("zip", or_null(address.postal_code)));
}

/// The brand of a card in the API's words; null for one it does not name.
JsonText sub_type_json(const std::string& brand)
{
    constexpr std::array<std::pair<std::string_view, const char*>, 8> names{
        {{"visa", "VISA"}, {"mastercard", "MASTERCARD"}, {"amex", "AMERICAN_EXPRESS"}, {"diners", "DINERS_CLUB"}, {"discover", "DISCOVER"},
            {"jcb", "JCB"}, {"cartes_bancaires", "CARTE_BANCAIRE"}, {"maestro", "MAESTRO"}}};
    const auto found = std::ranges::find(names, brand, &std::pair<std::string_view, const char*>::first);
    return found == names.end() ? JsonText::null() : JsonText{found->second};
}

/// The end of the month that stands on the card.
JsonText expiry_json(const domain::Card& card)
{
    if (card.exp_month < 1 || card.exp_month > 12) return JsonText::null();
    const auto last = std::chrono::year{card.exp_year} / std::chrono::month{static_cast<unsigned>(card.exp_month)} / std::chrono::last;
    const domain::Instant end = domain::Day{last} + std::chrono::days{1} - std::chrono::seconds{1};
    return ovh_datetime(end);
}

Response list_methods(const Request& request, domain::MemberId member, service::CheckoutPayments& payments)
{
    const auto wants_default = ovh_query(request, "default");
    if (wants_default && *wants_default != "true" && *wants_default != "false")
        throw OvhError::bad_request("default must be true or false, not " + *wants_default);
    const auto type = ovh_query(request, "paymentType");
    const auto status = ovh_query(request, "status");
    auto ids = JsonText::array();
    for (const auto& method : payments.methods(member)) {
        if (wants_default && method.method.is_default != (*wants_default == "true")) continue;
        if (type && *type != ovh_payment_type(method.method.type)) continue;
        if (status && *status != "VALID") continue;
        ids.push(method.number);
    }
    return ovh_ok(ids);
}

Response read_method(const Request& request, domain::MemberId member, service::CheckoutPayments& payments)
{
    const auto number = ovh_number(request, 0, "paymentMethodId");
    for (const auto& method : payments.methods(member))
        if (method.number == number) return ovh_ok(ovh_payment_method(method));
    throw OvhError::not_found("paymentMethodId", request.segments[0]);
}

} // namespace

const char* ovh_payment_type(domain::PaymentMethodType type)
{
    return type == domain::PaymentMethodType::card ? "CREDIT_CARD" : "DEFERRED_PAYMENT_ACCOUNT";
}

JsonText ovh_payment_method(const store::NumberedMethod& numbered)
{
    const auto& [number, method] = numbered;
    const auto& card = method.card;
    const auto label = card ? card->brand + " •••• " + card->last4 : std::string{"on bill"};
    auto icon = JsonText::object();
    icon.set("data", JsonText::null()).set("name", card ? card->brand : "invoice").set("url", JsonText::null());
    auto json = JsonText::object();
    json.set("billingContactId", JsonText::null()).set("creationDate", ovh_datetime(method.created_at)).set("default", method.is_default);
    json.set("description", label).set("expirationDate", card ? expiry_json(*card) : JsonText::null());
    json.set("formSessionId", JsonText::null()).set("icon", icon).set("integration", "NONE").set("label", label);
    json.set("lastUpdate", ovh_datetime(method.created_at)).set("merchantId", JsonText::null()).set("oneclick", JsonText::null());
    json.set("paymentMeanId", JsonText::null()).set("paymentMethodId", number);
    json.set("paymentSubType", card ? sub_type_json(card->brand) : JsonText::null());
    return std::move(json.set("paymentType", ovh_payment_type(method.type)).set("status", "VALID"));
}

void add_ovh_me_routes(OvhRoutes& routes, service::Accounts& accounts, service::CheckoutPayments& payments)
{
    routes.with_login("GET", "/me",
        [&accounts](const Request&, const OvhCaller& caller) { return ovh_ok(nichandle_json(accounts.read(caller.member->member))); });
    routes.with_login("GET", "/me/payment/method",
        [&payments](const Request& request, const OvhCaller& caller) { return list_methods(request, caller.member->member, payments); });
    routes.with_login("GET", "/me/payment/method/{paymentMethodId}",
        [&payments](const Request& request, const OvhCaller& caller) { return read_method(request, caller.member->member, payments); });
}

} // namespace api
