#include "service/dunning_fees.h"

#include "gateway/random_uuid.h"
#include "store/document_store.h"
#include "store/invoice_store.h"
#include "store/row_numbers.h"
#include "store/statement.h"

#include <algorithm>
#include <map>

namespace service {
namespace {

constexpr const char* sku = "dunning-fee";

/// Damages for paying late are not the price of a supply, wherever the customer is.
domain::InvoiceTax no_supply()
{
    domain::InvoiceTax tax;
    tax.decision.note = domain::VatNote::none;
    tax.decision.reason = "damages for late payment, not a supply";
    return tax;
}

std::string text_of(const store::InvoiceRecord& unpaid)
{
    const auto& language = unpaid.recipient.language;
    if (language == "de") return "Mahngebühr zur Rechnung " + unpaid.number;
    if (language == "fr") return "Frais de rappel pour la facture " + unpaid.number;
    if (language == "it") return "Spese di sollecito per la fattura " + unpaid.number;
    return "Reminder fee for invoice " + unpaid.number;
}

/// Lines of fees of one order on one day are told apart by their turns.
class Turns {
public:
    Turns(store::Session& session, const std::vector<std::int64_t>& unpaid, domain::Date today)
        : places_{store::CollectionStore{session}.fee_places(unpaid, today)}
    {
        for (const auto& [invoice, place] : places_) {
            auto& next = next_[place.order];
            next = std::max(next, place.next_turn);
        }
    }
    store::FeePlace take(std::int64_t invoice)
    {
        const auto order = places_.at(invoice).order;
        return {order, next_[order]++};
    }

private:
    std::map<std::int64_t, store::FeePlace> places_{};
    std::map<domain::OrderId, int> next_{};
};

} // namespace

void DunningFees::issue(store::Session& session, std::vector<store::Notice>& notices)
{
    std::map<std::int64_t, store::Notice*> with_fee;
    std::vector<std::int64_t> unpaid;
    for (auto& notice : notices) {
        if (notice.fee == 0) continue;
        with_fee[notice.invoice] = &notice;
        unpaid.push_back(notice.invoice);
    }
    if (unpaid.empty()) return;

    store::DocumentStore store{session};
    const domain::Day today = clock_.today();
    const auto booked_on = std::max(domain::Date{today}, store.first_open_day());
    auto id = store::RowNumbers::take(session, "document", unpaid.size());
    Turns turns{session, unpaid, domain::Date{today}};
    std::vector<store::NewDocument> documents;
    for (const auto& invoice : store::InvoiceStore{session}.by_ids(unpaid)) {
        auto& notice = *with_fee.at(invoice.id);
        const domain::Money fee{notice.fee, invoice.total.currency};
        const auto [order, turn] = turns.take(invoice.id);
        notice.fee_invoice = id;
        documents.push_back({.invoice = {.id = id++,
                                 .uuid = gateway::random_uuid(),
                                 .member = invoice.member,
                                 .kind = domain::InvoiceKind::invoice,
                                 .currency = fee.currency,
                                 .billed_on = today,
                                 .issued_on = today,
                                 .due_on = today + std::chrono::days{payment_days_},
                                 .booked_on = booked_on,
                                 .recipient = invoice.recipient,
                                 .lines = {{.order = order,
                                     .kind = domain::LineKind::fee,
                                     .sku = sku,
                                     .text = text_of(invoice),
                                     .period_start = today,
                                     .unit = fee,
                                     .net = fee,
                                     .vat = {0, fee.currency},
                                     .gross = fee,
                                     .turn = turn}},
                                 .tax = no_supply()},
            .open = fee.minor});
    }
    const auto first_transaction = store::RowNumbers::take(session, "ledger_transaction", documents.size());
    if (!store::unless_duplicate([&] { store.issue(documents, first_transaction, clock_.now()); }))
        throw store::Conflict{"a fee of the same order was billed meanwhile"};
    store::CollectionStore{session}.note_fees(notices);
}

} // namespace service
