#include "bank/matching.h"

#include "domain/payment_reference.h"

namespace bank {
namespace {

using domain::BankDetail;
using domain::BankEntry;
using domain::BankOutcome;
using domain::BankStatement;

/// The bank's name for an entry, or the best there is.
std::string entry_name(const BankStatement& statement, const BankEntry& entry)
{
    return entry.servicer_reference.empty() ? statement.id + "#" + std::to_string(entry.position) : entry.servicer_reference;
}

Judged done(BankOutcome outcome) { return {.outcome = outcome}; }

BankOutcome why_not_counted(const BankEntry& entry)
{
    if (!entry.booked) return BankOutcome::ignored_not_booked;
    return entry.credit ? BankOutcome::ignored_reversed_debit : BankOutcome::ignored_debit;
}

bool is_right(const std::string& reference)
{
    const auto type = domain::reference_type(reference);
    return type && domain::check_reference(*type, reference) == domain::ReferenceFault::none;
}

Judged judge_credit(const BankDetail& detail)
{
    if (detail.returned) return done(BankOutcome::return_of_outgoing);
    if (detail.references.empty()) return done(BankOutcome::no_reference);
    if (detail.references.size() > 1) return done(BankOutcome::multiple_references);
    if (!is_right(detail.references.front())) return done(BankOutcome::bad_reference);
    return {.step = Step::pay, .outcome = BankOutcome::unknown_reference};
}

Judged judge_detail(const BankEntry& entry, const BankDetail& detail, const std::string& key, Known& known)
{
    if (detail.credit != entry.credit) return done(BankOutcome::ignored_opposite_detail);
    if (!known.bookings.insert(key).second) return done(BankOutcome::already_seen);
    if (!entry.reversal) return judge_credit(detail);
    const bool names_a_bill = detail.references.size() == 1 && is_right(detail.references.front());
    return {.step = names_a_bill ? Step::take_back : Step::done, .outcome = BankOutcome::reversal_unmatched};
}

} // namespace

bool is_counted(const BankEntry& entry) { return entry.booked && entry.credit != entry.reversal; }

std::string entry_key(const BankStatement& statement, const BankEntry& entry)
{
    return entry_name(statement, entry) + (entry.credit ? "/CRDT" : "/DBIT") + (entry.reversal ? "/RVSL" : "");
}

std::vector<std::string> booking_keys(const BankStatement& statement, const BankEntry& entry)
{
    std::unordered_map<std::string_view, int> uses;
    for (const auto& detail : entry.details) ++uses[detail.servicer_reference];
    const auto name = entry_name(statement, entry);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < entry.details.size(); ++i) {
        const auto& own = entry.details[i].servicer_reference;
        const bool tells = !own.empty() && own != entry.servicer_reference && uses[own] == 1;
        keys.push_back(tells ? own : name + "#" + std::to_string(i + 1));
    }
    return keys;
}

Judgement judge(const BankStatement& statement, const BankEntry& entry, Known& known)
{
    if (!is_counted(entry)) return {.bookings = {done(why_not_counted(entry))}};
    const auto key = entry_key(statement, entry);
    if (entry.details.empty()) {
        if (!known.entries.emplace(key, EntryState::waiting).second) return {.bookings = {done(BankOutcome::already_seen)}};
        return {.bookings = {done(entry.credit ? BankOutcome::wait_details : BankOutcome::reversal_unmatched)}};
    }
    const auto [before, is_new] = known.entries.emplace(key, EntryState::with_details);
    if (before->second == EntryState::decided) return {.bookings = {done(BankOutcome::already_seen)}};
    Judgement judgement{.was_waiting = before->second == EntryState::waiting};
    before->second = EntryState::with_details;
    const auto keys = booking_keys(statement, entry);
    for (std::size_t i = 0; i < entry.details.size(); ++i) {
        const auto& detail = entry.details[i];
        auto judged = judge_detail(entry, detail, keys[i], known);
        judged.detail = static_cast<std::int64_t>(i) + 1;
        judged.key = keys[i];
        if (detail.references.size() == 1) judged.reference = detail.references.front();
        judgement.bookings.push_back(std::move(judged));
    }
    return judgement;
}

BankOutcome payment_outcome(std::int64_t amount, std::int64_t settled, std::int64_t still_open)
{
    if (settled == 0 && still_open == 0) return BankOutcome::duplicate_payment;
    if (settled < amount) return BankOutcome::overpaid;
    return still_open == 0 ? BankOutcome::paid : BankOutcome::partial;
}

} // namespace bank
