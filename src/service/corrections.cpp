#include "service/corrections.h"

#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "service/member_account.h"
#include "store/audit_store.h"
#include "store/correction_store.h"
#include "store/invoice_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

domain::BilledCharge charge_of(const store::InvoiceLineRecord& record, domain::LineRef ref, std::int64_t credited)
{
    const auto& line = record.line;
    const domain::Day start = line.period_start;
    return {.ref = ref,
        .kind = line.kind,
        .sku = line.sku,
        .days = {start, line.period_end ? domain::Day{*line.period_end} : start},
        .whole = line.whole,
        .quantity = line.quantity,
        .unit_minor = line.unit.minor,
        .amount = line.includes_vat ? line.gross.minor : line.net.minor,
        .vat = line.vat.minor,
        .rate = line.rate,
        .includes_vat = line.includes_vat,
        .credited = credited};
}

domain::InvoiceLine adjustment_line(const store::InvoiceLineRecord& record, const domain::DraftLine& draft, int turn)
{
    auto line = record.line;
    const auto currency = line.net.currency;
    line.kind = domain::LineKind::adjustment;
    line.net = {draft.net, currency};
    line.vat = {draft.vat, currency};
    line.gross = {draft.gross, currency};
    line.credits = draft.credits;
    line.turn = turn;
    return line;
}

/// The charges of the document that the request means, by position.
std::vector<int> positions_of(const CreditNoteRequest& request, const std::vector<store::InvoiceLineRecord>& lines)
{
    std::vector<int> positions;
    for (int position = 1; position <= static_cast<int>(lines.size()); ++position) {
        const auto& line = lines[static_cast<std::size_t>(position - 1)].line;
        if (request.line.value_or(position) == position && request.order.value_or(line.order) == line.order && domain::is_charge(line.kind))
            positions.push_back(position);
    }
    if (request.line && positions.empty())
        throw Refusal{Reason::unknown_line, "the document has no charge at line " + std::to_string(*request.line)};
    return positions;
}

/// What is given back of each of them. Billing is kept off the orders until the transaction ends.
std::vector<domain::InvoiceLine> adjustments_for(
    store::Session& session, const CreditNoteRequest& request, std::int64_t invoice, const std::vector<store::InvoiceLineRecord>& lines)
{
    const auto positions = positions_of(request, lines);
    store::CorrectionStore corrections{session};
    auto credited = corrections.lock_credited(invoice);
    auto turns = corrections.next_turns(invoice);
    std::vector<domain::InvoiceLine> adjustments;
    for (const auto position : positions) {
        const auto& record = lines[static_cast<std::size_t>(position - 1)];
        auto charge = charge_of(record, {invoice, position}, credited[position]);
        const auto left = charge.amount - charge.credited;
        const auto amount = request.amount.value_or(left);
        if (amount > left)
            throw Refusal{Reason::nothing_to_credit, "only " + std::to_string(left) + " minor units of this line are left to credit"};
        if (amount == 0) continue;
        const auto turn = turns[{record.line.order, record.line.period_start}]++;
        adjustments.push_back(adjustment_line(record, domain::adjust(charge, amount), turn));
    }
    if (adjustments.empty()) throw Refusal{Reason::nothing_to_credit, "nothing is left to credit"};
    return adjustments;
}

} // namespace

std::string Corrections::issue_credit_note(store::Session& session, const CreditNoteRequest& request, const std::string& actor)
{
    store::InvoiceStore invoices{session};
    const auto invoice = invoices.by_number(request.invoice);
    if (!invoice) throw Refusal{Reason::not_found, "there is no document " + request.invoice};

    const auto now = clock_.now();
    const domain::Day today = clock_.day_of(now);
    store::DocumentStore documents{session};
    store::NewDocument note{.invoice = {.uuid = gateway::random_uuid(),
                                .member = invoice->member,
                                .kind = domain::InvoiceKind::credit_note,
                                .currency = invoice->total.currency,
                                .billed_on = today,
                                .issued_on = today,
                                .due_on = today + std::chrono::days{rules_.payment_days},
                                .booked_on = std::max(today, domain::Day{documents.first_open_day()}),
                                .recipient = invoice->recipient,
                                .reason = request.reason,
                                .lines = adjustments_for(session, request, invoice->id, invoices.lines_of(*invoice)),
                                .tax = invoice->tax}};
    note.invoice.id = store::RowNumbers::take(session, "document", 1);

    MemberAccount account{session, invoice->member, invoice->total.currency};
    account.rules.issue(note.invoice.id, domain::totals_of(note.invoice.lines, note.invoice.currency).gross.minor);
    note.credit_gained = account.credit_gained();
    account.save();
    std::vector notes{std::move(note)};
    documents.issue(notes, store::RowNumbers::take(session, "ledger_transaction", 1), now);
    store::AuditStore{session}.add({.at = now,
        .actor = actor,
        .action = "credit_note.issue",
        .subject = notes.front().number,
        .detail = "of " + request.invoice + ": " + request.reason});
    return notes.front().number;
}

void Corrections::give_credit(store::Session& session, const GoodwillRequest& request, const std::string& actor)
{
    const auto now = clock_.now();
    const auto today = clock_.day_of(now);
    const auto uuid = gateway::random_uuid();
    const bool is_new = store::CorrectionStore{session}.add_credit(
        {uuid, request.member, request.reference, request.amount, request.reason, today, now, actor});
    if (!is_new) throw Refusal{Reason::reference_in_use, "credit was given under the reference " + request.reference + " already"};

    MemberAccount account{session, request.member, request.amount.currency};
    account.rules.add_credit(request.amount.minor);
    account.save();
    const auto currency = request.amount.currency;
    store::LedgerWriter{session}.book_late(
        {.kind = "credit",
            .reference = uuid,
            .member = request.member,
            .booked_on = today,
            .entries = domain::goodwill_entries({account.applied(), currency}, {account.credit_gained(), currency})},
        now);
    store::AuditStore{session}.add({.at = now,
        .actor = actor,
        .action = "credit.give",
        .subject = request.reference,
        .detail = domain::to_text(request.amount) + ": " + request.reason});
}

} // namespace service
