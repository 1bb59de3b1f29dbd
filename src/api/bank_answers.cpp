#include "api/bank_answers.h"

#include "api/answers.h"

namespace api {
namespace {

using http::JsonText;

JsonText text_or_null(const std::string& text) { return text.empty() ? JsonText::null() : JsonText{text}; }

} // namespace

JsonText json_of(const store::BankFileRecord& file)
{
    auto json = JsonText::object();
    json.set("uuid", file.uuid.text()).set("name", file.name).set("sha256", file.sha256).set("bytes", file.bytes);
    json.set("entries", file.entries).set("bookings", file.bookings).set("new_bookings", file.new_bookings);
    json.set("outcomes", JsonText::ready(file.outcomes));
    return std::move(json.set("imported_at", domain::to_text(file.imported_at)).set("imported_by", file.imported_by));
}

JsonText json_of(const store::BankBooking& booking)
{
    const auto& told = booking.told;
    auto json = JsonText::object();
    json.set("uuid", told.uuid.text()).set("account", told.account).set("file", booking.file.text()).set("entry", told.entry);
    json.set("detail", told.detail).set("direction", told.credit ? "credit" : "debit").set("reversal", told.reversal);
    json.set("amount", json_of(told.amount))
        .set("booked_on", domain::to_text(told.booked_on))
        .set("value_on", domain::to_text(told.value_on));
    json.set("reference", text_or_null(told.reference)).set("end_to_end_id", text_or_null(told.end_to_end_id));
    json.set("payer_name", text_or_null(told.payer_name)).set("payer_iban", text_or_null(told.payer_iban));
    json.set("text", text_or_null(told.text)).set("outcome", domain::to_text(told.outcome)).set("state", domain::to_text(told.state));
    json.set("in_suspense", json_of(domain::Money{told.suspense, told.amount.currency})).set("payment", text_or_null(booking.payment));
    json.set("username", text_or_null(booking.username)).set("invoice", text_or_null(booking.invoice));
    return std::move(json.set("decided_at", json_of(booking.decided_at)).set("decided_by", text_or_null(booking.decided_by)));
}

JsonText json_of(const service::ProposedBooking& proposed)
{
    auto json = json_of(proposed.booking);
    const auto& proposal = proposed.proposal;
    if (proposal.empty()) return std::move(json.set("proposal", JsonText::null()));
    auto shown = JsonText::object();
    shown.set("username", text_or_null(proposal.username)).set("invoice", text_or_null(proposal.invoice));
    shown.set("booking", text_or_null(proposal.booking)).set("why", proposal.why);
    return std::move(json.set("proposal", shown));
}

JsonText json_of(const store::BankPayout& payout)
{
    auto json = JsonText::object();
    json.set("uuid", payout.uuid.text()).set("account", payout.account).set("amount", json_of(payout.amount));
    json.set("transfers", payout.transfers).set("document", "/admin/bank-payouts/" + payout.uuid.text() + ".xml");
    return std::move(json.set("created_at", domain::to_text(payout.created_at)).set("created_by", payout.created_by));
}

} // namespace api
