#include "service/bank_batch.h"

#include "domain/ledger.h"
#include "domain/settlement.h"
#include "domain/transfer_id.h"
#include "gateway/random_uuid.h"
#include "service/bank_sources.h"
#include "store/document_store.h"
#include "store/payment_store.h"

#include <algorithm>
#include <set>

namespace service {
namespace {

namespace account = domain::account;
using bank::Step;
using domain::BankBookingState;
using domain::BankEntryState;
using domain::BankOutcome;
using store::NewBankBooking;

// What a booking is known by, see sql/migrations: an entry without details, a detail, or what is ignored.
std::string key_of_entry(const std::string& entry_key) { return "E:" + entry_key; }
std::string key_of_detail(const std::string& key) { return "D:" + key; }
std::string key_of_ignored(const std::string& key, bool booked = true) { return "I:" + key + (booked ? "" : "/PDNG"); }

bool is_ignored(BankOutcome outcome)
{
    return outcome == BankOutcome::ignored_not_booked || outcome == BankOutcome::ignored_debit
        || outcome == BankOutcome::ignored_reversed_debit || outcome == BankOutcome::ignored_opposite_detail;
}

} // namespace

void BankBatch::add(const domain::BankStatement& statement, domain::BankEntry entry, std::int64_t position)
{
    if (statements_.empty() || statements_.back().id != statement.id || statements_.back().iban != statement.iban)
        statements_.push_back(statement);
    size_ += 1 + entry.details.size();
    told_.push_back({statements_.size() - 1, std::move(entry), position, {}});
}

std::size_t BankBatch::book(OutcomeCounts& counts)
{
    read_known();
    judge();
    write_entries(); // first of all: who tells the same money waits here, and then knows
    read_named();
    for (const auto& told : told_) {
        if (told.judgement.was_waiting) resolve_waiting(told);
        if (!bank::is_counted(told.entry)) take_transfers(told);
        for (const auto& judged : told.judgement.bookings) take(told, judged);
    }
    flush();
    write_resolved();
    write_bookings();
    for (const auto& told : told_)
        for (const auto& judged : told.judgement.bookings)
            if (judged.outcome == BankOutcome::already_seen || is_ignored(judged.outcome)) ++counts[judged.outcome];
    for (const auto& booking : bookings_)
        if (!is_ignored(booking.outcome)) ++counts[booking.outcome];
    return bookings_.size();
}

void BankBatch::read_known()
{
    std::map<std::string, std::set<std::string>> entries, bookings; // by account
    for (const auto& told : told_) {
        const auto& statement = statements_[told.statement];
        const auto entry_key = bank::entry_key(statement, told.entry);
        if (!bank::is_counted(told.entry)) {
            bookings[statement.iban].insert(key_of_ignored(entry_key, told.entry.booked));
            continue;
        }
        entries[statement.iban].insert(entry_key);
        const auto keys = bank::booking_keys(statement, told.entry);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const bool opposite = told.entry.details[i].credit != told.entry.credit;
            bookings[statement.iban].insert(opposite ? key_of_ignored(keys[i]) : key_of_detail(keys[i]));
        }
    }
    for (const auto& [iban, keys] : entries) {
        known_[iban].entries = store_.known_entries(iban, {keys.begin(), keys.end()});
        for (const auto& [key, state] : known_[iban].entries) entries_before_[{iban, key}] = state;
    }
    for (const auto& [iban, keys] : bookings)
        for (const auto& key : store_.known_bookings(iban, {keys.begin(), keys.end()})) {
            if (key.starts_with("D:")) known_[iban].bookings.insert(key.substr(2));
            else known_ignored_.insert(iban + key);
        }
}

void BankBatch::judge()
{
    for (auto& told : told_) {
        const auto& statement = statements_[told.statement];
        told.judgement = bank::judge(statement, told.entry, known_[statement.iban]);
    }
}

void BankBatch::write_entries()
{
    std::vector<store::BankEntryChange> changes;
    for (const auto& [iban, known] : known_)
        for (const auto& [key, state] : known.entries) {
            const auto before = entries_before_.find({iban, key});
            if (before == entries_before_.end()) changes.push_back({iban, key, std::nullopt, state});
            else if (before->second != state) changes.push_back({iban, key, before->second, state});
        }
    std::ranges::sort(changes, {}, [](const auto& change) { return std::tie(change.account, change.key); }); // as others do
    store_.write(changes);
}

/// The invoices and transfers that the bookings name.
void BankBatch::read_named()
{
    std::set<std::string> numbers, uuids;
    for (const auto& told : told_) {
        for (const auto& judged : told.judgement.bookings) {
            if (judged.step == Step::done) continue;
            for (const auto& prefix : parts_.reference_prefixes)
                if (const auto bill = domain::bill_of_reference(prefix, judged.reference))
                    numbers.insert(domain::number_text(domain::InvoiceKind::invoice, bill->year, bill->number));
        }
        for (const auto& detail : told.entry.details)
            if (const auto transfer = domain::transfer_of(detail.end_to_end_id)) uuids.insert(transfer->text());
    }
    invoices_ = store_.invoices({numbers.begin(), numbers.end()});
    transfers_ = store::BankTransferStore{parts_.books.session()}.lock({uuids.begin(), uuids.end()});
}

const store::NamedInvoice* BankBatch::invoice_of(const std::string& reference) const
{
    for (const auto& prefix : parts_.reference_prefixes) {
        const auto bill = domain::bill_of_reference(prefix, reference);
        if (!bill) continue;
        const auto found = invoices_.find(domain::number_text(domain::InvoiceKind::invoice, bill->year, bill->number));
        if (found != invoices_.end()) return &found->second;
    }
    return nullptr;
}

store::BankTransfer* BankBatch::transfer_of(const domain::BankDetail& detail, domain::Currency currency)
{
    const auto uuid = domain::transfer_of(detail.end_to_end_id);
    const auto found = uuid ? transfers_.find(uuid->text()) : transfers_.end();
    if (found == transfers_.end() || found->second.amount != domain::Money{detail.amount, currency}) return nullptr;
    return &found->second;
}

void BankBatch::take(const ToldEntry& told, const bank::Judged& judged)
{
    if (judged.outcome == BankOutcome::already_seen) return;
    const auto* detail = judged.detail > 0 ? &told.entry.details[static_cast<std::size_t>(judged.detail) - 1] : nullptr;
    auto booking = booking_of(told, judged, detail);
    const bool ignored = is_ignored(judged.outcome);
    if (ignored && !known_ignored_.insert(booking.account + booking.key).second) return;
    bookings_.push_back(std::move(booking));
    if (ignored) return;
    if (judged.step == Step::pay) pay();
    else if (judged.step == Step::take_back) take_back();
    else take_money(detail);
}

NewBankBooking BankBatch::booking_of(const ToldEntry& told, const bank::Judged& judged, const domain::BankDetail* detail) const
{
    const auto& statement = statements_[told.statement];
    const auto& entry = told.entry;
    const auto entry_key = bank::entry_key(statement, entry);
    NewBankBooking booking{.uuid = gateway::random_uuid(),
        .account = statement.iban,
        .key = is_ignored(judged.outcome) ? key_of_ignored(detail ? judged.key : entry_key, entry.booked)
            : detail                      ? key_of_detail(judged.key)
                                          : key_of_entry(entry_key),
        .entry = told.position,
        .detail = judged.detail,
        .credit = detail ? detail->credit : entry.credit,
        .reversal = entry.reversal,
        .amount = {detail ? detail->amount : entry.amount.minor, entry.amount.currency},
        .booked_on = entry.booked_on,
        .value_on = entry.valued_on,
        .reference = judged.reference,
        .text = entry.text,
        .outcome = judged.outcome};
    if (!detail) return booking;
    booking.end_to_end_id = detail->end_to_end_id;
    booking.payer_name = detail->payer;
    booking.payer_iban = detail->payer_iban;
    if (!detail->text.empty()) booking.text = detail->text;
    return booking;
}

/// Money that names no bill.
void BankBatch::take_money(const domain::BankDetail* detail)
{
    const auto& booking = bookings_.back();
    if (detail && booking.outcome == BankOutcome::return_of_outgoing && came_back(*detail, booking.amount)) return;
    leave_to_a_person();
}

void BankBatch::leave_to_a_person()
{
    auto& booking = bookings_.back();
    if (booking.amount.minor == 0) return; // nothing to decide
    booking.state = booking.outcome == BankOutcome::wait_details ? BankBookingState::waiting : BankBookingState::open;
    booking.suspense = booking.credit ? booking.amount.minor : -booking.amount.minor;
}

void BankBatch::pay()
{
    auto& booking = bookings_.back();
    const auto* invoice = invoice_of(booking.reference);
    if (invoice && invoice->currency != booking.amount.currency) booking.outcome = BankOutcome::wrong_currency;
    if (!invoice || booking.outcome == BankOutcome::wrong_currency || booking.amount.minor == 0) return leave_to_a_person();
    pending_.push_back({bookings_.size() - 1,
        {.uuid = gateway::random_uuid(),
            .member = invoice->member,
            .means = domain::PaymentMeans::bank,
            .source = payment_source(booking.account, booking.key),
            .account = account::bank(booking.account),
            .amount = booking.amount,
            .invoice = invoice->id,
            .booked_on = booking.booked_on,
            .value_on = booking.value_on,
            .payer_name = booking.payer_name,
            .payer_iban = booking.payer_iban}});
}

void BankBatch::take_back()
{
    flush();
    auto& booking = bookings_.back();
    const auto* invoice = invoice_of(booking.reference);
    const auto payment = invoice ? store::PaymentStore{parts_.books.session()}.latest_by_bank(invoice->id, booking.amount) : std::nullopt;
    if (!payment || !payments_.reverse(parts_.books, *payment, booking.booked_on)) return leave_to_a_person();
    booking.outcome = BankOutcome::reversed;
    booking.payment = payment;
}

/// Debits are not ours to account for, but those of our own transfers, and what of them the bank takes back.
void BankBatch::take_transfers(const ToldEntry& told)
{
    if (!told.entry.booked) return;
    for (const auto& detail : told.entry.details) {
        if (detail.credit != told.entry.credit) continue;
        auto* transfer = transfer_of(detail, told.entry.amount.currency);
        if (!transfer) continue;
        flush();
        if (told.entry.reversal) parts_.transfers.came_back(parts_.books, *transfer, "debit_reversed");
        else parts_.transfers.paid(parts_.books, *transfer);
    }
}

bool BankBatch::came_back(const domain::BankDetail& detail, domain::Money amount)
{
    auto* transfer = transfer_of(detail, amount.currency);
    if (!transfer) return false;
    flush();
    return parts_.transfers.came_back(parts_.books, *transfer, detail.return_reason.empty() ? "returned" : detail.return_reason);
}

/// The details of an entry have come: what waited for them in suspense goes where they say.
void BankBatch::resolve_waiting(const ToldEntry& told)
{
    const auto& statement = statements_[told.statement];
    const auto key = key_of_entry(bank::entry_key(statement, told.entry));
    const auto here = std::ranges::find_if(
        bookings_, [&](const NewBankBooking& booking) { return booking.account == statement.iban && booking.key == key; });
    if (here == bookings_.end()) return resolved_[statement.iban].push_back(key);
    here->state = BankBookingState::done;
    here->suspense = 0;
}

/// Books the payments told so far.
void BankBatch::flush()
{
    if (pending_.empty()) return;
    std::vector<domain::Payment> payments;
    for (auto& [booking, payment] : pending_) payments.push_back(std::move(payment));
    std::vector<SettledPayment> settled;
    if (!store::unless_duplicate([&] { settled = payments_.book(parts_.books, payments); }))
        throw store::Conflict{"a booking was told meanwhile"};
    for (std::size_t i = 0; i < settled.size(); ++i) {
        auto& booking = bookings_[pending_[i].booking];
        booking.outcome = bank::payment_outcome(booking.amount.minor, settled[i].on_named, settled[i].still_open);
        booking.payment = settled[i].id;
    }
    pending_.clear();
}

void BankBatch::write_resolved()
{
    const auto first_open = store::DocumentStore{parts_.books.session()}.first_open_day();
    std::vector<store::NewTransaction> transactions;
    for (const auto& [iban, keys] : resolved_)
        for (const auto& [uuid, resolved_account, suspense] : store_.resolve(iban, keys))
            transactions.push_back({.kind = "bank_suspense_out",
                .reference = uuid,
                .booked_on = std::max(parts_.clock.today(), first_open),
                .entries = domain::suspense_entries(account::bank(iban), {-suspense.minor, suspense.currency})});
    parts_.books.book(transactions, parts_.clock.now());
}

void BankBatch::write_bookings()
{
    if (bookings_.empty()) return;
    const auto first_open = store::DocumentStore{parts_.books.session()}.first_open_day();
    std::vector<store::NewTransaction> transactions;
    auto id = parts_.books.take("bank_booking", bookings_.size());
    for (auto& booking : bookings_) {
        booking.id = id++;
        if (booking.suspense == 0) continue;
        transactions.push_back({.kind = "bank_suspense",
            .reference = booking.uuid,
            .booked_on = std::max(booking.booked_on, first_open),
            .entries = domain::suspense_entries(account::bank(booking.account), {booking.suspense, booking.amount.currency})});
    }
    store_.write(parts_.file, bookings_);
    parts_.books.book(transactions, parts_.clock.now());
}

} // namespace service
