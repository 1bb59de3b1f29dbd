#include "api/documents.h"

#include "api/answers.h"

namespace api {
namespace {

using domain::to_text;
using http::JsonText;

JsonText recipient_json(const domain::Recipient& recipient)
{
    auto json = JsonText::object();
    json.set("company", recipient.company).set("name", recipient.name).set("street", recipient.street);
    json.set("house_number", recipient.house_number).set("postal_code", recipient.postal_code).set("city", recipient.city);
    return std::move(json.set("country", recipient.country).set("vat_id", recipient.vat_id));
}

/// Tax by rate, as documents must show it (MWSTG Art. 26).
JsonText taxes_json(const std::vector<domain::InvoiceLine>& lines, domain::Currency currency)
{
    std::map<int, domain::TaxSum> sums;
    for (const auto& line : lines) {
        auto& sum = sums[line.rate.basis_points];
        sum.rate = line.rate;
        sum.net += line.net.minor;
        sum.vat += line.vat.minor;
    }
    auto json = JsonText::array();
    for (const auto& [rate, sum] : sums) {
        auto item = JsonText::object();
        item.set("rate", domain::percent_text(sum.rate)).set("net", json_of(domain::Money{sum.net, currency}));
        json.push(item.set("vat", json_of(domain::Money{sum.vat, currency})));
    }
    return json;
}

} // namespace

JsonText json_of(const store::InvoiceRecord& invoice)
{
    auto json = JsonText::object();
    json.set("number", invoice.number).set("kind", invoice.kind).set("status", "issued");
    json.set("date", to_text(invoice.billed_on)).set("issued_on", to_text(invoice.issued_on));
    json.set("issued_at", to_text(invoice.issued_at)).set("due_on", to_text(invoice.due_on));
    json.set("net", json_of(invoice.net)).set("vat", json_of(invoice.vat)).set("total", json_of(invoice.total));
    return std::move(json.set("applied", json_of(invoice.applied)).set("paid", json_of(invoice.paid)).set("open", json_of(invoice.open)));
}

JsonText json_of(const service::InvoiceWithLines& found)
{
    auto lines = JsonText::array();
    std::vector<domain::InvoiceLine> plain;
    for (const auto& [line, order, credited_number] : found.lines) {
        auto json = json_of(line);
        json.set("order", order.text());
        if (line.credits) json.set("credits", JsonText::object().set("invoice", credited_number).set("line", line.credits->line));
        lines.push(json);
        plain.push_back(line);
    }
    auto json = json_of(found.invoice);
    json.set("recipient", recipient_json(found.invoice.recipient)).set("reason", found.invoice.reason);
    json.set("tax", tax_json(found.invoice.tax.value_or(domain::InvoiceTax{})));
    return std::move(json.set("lines", lines).set("vat_by_rate", taxes_json(plain, found.invoice.total.currency)));
}

JsonText draft_json(const store::NewDocument& document)
{
    const auto& invoice = document.invoice;
    const auto totals = domain::totals_of(invoice.lines, invoice.currency);
    auto lines = JsonText::array();
    for (const auto& line : invoice.lines) lines.push(json_of(line));
    auto json = JsonText::object();
    json.set("number", JsonText::null()).set("kind", to_text(invoice.kind)).set("status", "draft");
    json.set("date", to_text(invoice.billed_on)).set("due_on", to_text(invoice.due_on));
    json.set("net", json_of(totals.net)).set("vat", json_of(totals.vat)).set("total", json_of(totals.gross));
    json.set("applied", json_of(domain::Money{document.credit_used, invoice.currency}));
    json.set("open", json_of(domain::Money{document.open, invoice.currency})).set("lines", lines);
    json.set("tax", tax_json(invoice.tax.value_or(domain::InvoiceTax{})));
    return std::move(json.set("vat_by_rate", taxes_json(invoice.lines, invoice.currency)));
}

JsonText json_of(const store::BillingRunRecord& run)
{
    auto json = JsonText::object();
    json.set("id", run.id).set("date", to_text(run.run_on)).set("state", run.finished_at ? "finished" : "open");
    json.set("started_at", to_text(run.started_at)).set("finished_at", json_of(run.finished_at)).set("started_by", run.started_by);
    json.set("slices", run.slices).set("slices_done", run.slices_done).set("members", run.members);
    return std::move(json.set("members_billed", run.billed).set("documents", run.documents).set("errors", run.errors));
}

JsonText json_of(const store::BillingErrorRecord& error)
{
    auto json = JsonText::object();
    json.set("username", error.uid).set("date", to_text(error.run_on)).set("error", error.error).set("tries", error.tries);
    return std::move(json.set("first_at", to_text(error.first_at)).set("last_at", to_text(error.last_at)));
}

} // namespace api
