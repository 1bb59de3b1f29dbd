#include "api/scenario_answer.h"

#include "http/json_text.h"

namespace api {
namespace {

using domain::to_text;
using http::JsonText;

JsonText day_json(domain::Day day) { return to_text(domain::Date{day}); }

JsonText line_json(const domain::DraftLine& line, const std::vector<domain::SubscriptionReport>& subscriptions)
{
    const bool is_period = line.days.start < line.days.end;
    auto json = JsonText::object();
    json.set("sub", subscriptions[line.subscription].sub).set("sku", line.sku).set("kind", to_text(line.kind));
    json.set("period_start", day_json(line.days.start));
    json.set("period_end", is_period ? day_json(line.days.end) : JsonText::null());
    json.set("days", domain::days_in(line.days)).set("period_days", domain::days_in(line.whole));
    json.set("quantity", line.quantity).set("unit_rappen", line.unit_minor);
    json.set("net_rappen", line.net).set("vat_rate", line.rate.basis_points);
    json.set("vat_rappen", line.vat).set("gross_rappen", line.gross);
    if (line.credits) json.set("credits", JsonText::object().set("invoice", line.credits->document).set("line", line.credits->line));
    return json;
}

JsonText document_json(const domain::IssuedDocument& document, const domain::ScenarioOutcome& outcome)
{
    auto lines = JsonText::array();
    for (const auto& line : document.lines) lines.push(line_json(line, outcome.subscriptions));
    auto taxes = JsonText::array();
    for (const auto& tax : domain::taxes_of(document.lines))
        taxes.push(JsonText::object().set("rate", tax.rate.basis_points).set("net_rappen", tax.net).set("vat_rappen", tax.vat));
    const auto totals = domain::totals_of(document.lines);
    const auto& receivable = outcome.receivables.documents[static_cast<std::size_t>(document.number - 1)];

    auto json = JsonText::object();
    json.set("number", document.number).set("kind", document.is_credit_note ? "credit_note" : "invoice");
    json.set("date", day_json(document.billed_on)).set("issued_on", day_json(document.issued_on)).set("due_date", day_json(document.due));
    json.set("lines", lines).set("vat", taxes);
    json.set("net_rappen", totals.net).set("vat_rappen", totals.vat).set("total_rappen", totals.gross);
    json.set("applied_rappen", receivable.applied).set("paid_rappen", receivable.paid).set("open_rappen", receivable.open);
    return json;
}

JsonText subscription_json(const domain::SubscriptionReport& report)
{
    auto json = JsonText::object();
    json.set("sub", report.sub).set("sku", report.sku).set("state", report.state);
    json.set("billed_through", report.billed_through ? day_json(*report.billed_through) : JsonText::null());
    return json;
}

template <class Items, class Write> JsonText array_of(const Items& items, Write write)
{
    auto array = JsonText::array();
    for (const auto& item : items) array.push(write(item));
    return array;
}

} // namespace

std::string answer_text(const domain::ScenarioOutcome& outcome)
{
    auto json = JsonText::object();
    json.set("version", 1);
    json.set("invoices", array_of(outcome.documents, [&](const auto& document) { return document_json(document, outcome); }));
    json.set("notices", array_of(outcome.notices, [](const domain::Notice& notice) {
        return JsonText::object().set("date", day_json(notice.day)).set("invoice", notice.invoice).set("stage", notice.stage);
    }));
    json.set("refused", array_of(outcome.refused, [](const domain::RefusedStep& refused) {
        return JsonText::object().set("step", refused.step).set("code", refused.code);
    }));
    json.set("subscriptions", array_of(outcome.subscriptions, subscription_json));
    const auto& account = outcome.receivables;
    json.set("balance", JsonText::object().set("open_rappen", account.open()).set("credit_rappen", account.credit));
    return json.dump();
}

std::string answer_text(const InvalidScenario& error)
{
    auto fault = JsonText::object();
    fault.set("code", error.code()).set("path", error.path()).set("message", error.what());
    return JsonText::object().set("version", 1).set("error", fault).dump();
}

} // namespace api
