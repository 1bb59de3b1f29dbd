#include "service/billing.h"

#include "domain/refusal.h"
#include "logging/log.h"
#include "store/billing_run_store.h"

#include <algorithm>
#include <list>
#include <stdexcept>

namespace service {

using domain::Day;
using domain::MemberId;

/// Members under way from their rows to their documents.
struct Billing::Slice {
    BillingDays days{};
    std::vector<store::BillableMember> members{};
    std::unique_ptr<BillingTerms> terms{};
    std::list<MemberBilling> billings{}; ///< of the members that can be billed
    std::vector<BillingFailure> failures{};
    std::vector<std::pair<MemberId, domain::VatTreatment>> held{};
    std::size_t documents{0};

    template <class Work> void each(Work work)
    {
        for (auto billing = billings.begin(); billing != billings.end();) {
            try {
                work(*billing);
                ++billing;
            } catch (const std::exception& error) { // of this member alone
                failures.push_back({billing->member().id, error.what()});
                billing = billings.erase(billing);
            }
        }
    }
};

std::optional<domain::VatTreatment> BilledSlice::held_for(MemberId member) const
{
    const auto found = std::ranges::find(held, member, &std::pair<MemberId, domain::VatTreatment>::first);
    return found == held.end() ? std::nullopt : std::optional{found->second};
}

void Billing::add_member(Slice& slice, const store::BillableMember& member, Waiting waiting)
{
    if (!member.fault.empty()) throw std::domain_error{member.fault};
    const auto tax = domain::decide_tax(member.vat, rules_.vat);
    const auto& decision = tax.decision;
    if (decision.is_held()) slice.held.emplace_back(member.id, decision.treatment);
    if (decision.treatment == domain::VatTreatment::block_no_oss) throw std::domain_error{decision.reason};
    if (decision.is_held() && waiting == Waiting::left_out) return;
    slice.billings.emplace_back(member, *slice.terms, slice.days, tax);
}

Billing::Slice Billing::load(MemberId first, MemberId last, Day day, Waiting waiting)
{
    return database_.read([&](store::Session& session) {
        Slice slice{.days = {.run_on = day, .payment_days = rules_.payment_days}};
        slice.days.first_open_day = store::DocumentStore{session}.first_open_day();
        slice.members = store::BillingStore{session}.due(first, last, day);
        if (slice.members.empty()) return slice;
        slice.terms = std::make_unique<BillingTerms>(session);
        for (const auto& member : slice.members) {
            try {
                add_member(slice, member, waiting);
            } catch (const std::exception& error) {
                slice.failures.push_back({member.id, error.what()});
            }
        }
        load_history(session, slice);
        return slice;
    });
}

/// What only some orders need: earlier versions, and lines that may have to be credited.
void Billing::load_history(store::Session& session, Slice& slice)
{
    std::vector<std::int64_t> changed, with_lines;
    std::map<std::int64_t, MemberBilling*> of_order;
    Day past = domain::never;
    for (auto& billing : slice.billings) {
        for (const auto order : billing.changed_orders()) {
            changed.push_back(order);
            of_order[order] = &billing;
        }
        for (const auto order : billing.orders_with_lines()) {
            with_lines.push_back(order);
            of_order[order] = &billing;
        }
        past = std::min(past, billing.lines_past());
    }
    store::BillingStore store{session};
    for (const auto& [order, versions] : store.versions_of(changed))
        for (const auto& version : versions) of_order.at(order)->add_version(order, version);
    for (const auto& line : store.lines_of(with_lines, past)) of_order.at(line.order)->add_line(line);
}

void Billing::compute(Slice& slice)
{
    slice.each([&](MemberBilling& billing) {
        billing.bill(slice.documents);
        slice.documents += billing.documents().size();
    });
}

void Billing::settle(store::Session& session, Slice& slice)
{
    std::vector<std::int64_t> members;
    for (const auto& billing : slice.billings)
        if (billing.needs_open_documents()) members.push_back(static_cast<std::int64_t>(billing.member().id));
    auto open = store::BillingStore{session}.open_of(members);
    slice.each([&](MemberBilling& billing) { billing.settle(open[static_cast<std::int64_t>(billing.member().id)]); });
}

namespace {

/// Puts row numbers where places in the slice stood: a document's own, and those that its credits name.
void number_rows(std::list<MemberBilling>& billings, std::int64_t first)
{
    const auto row_of = [&](std::int64_t document) { return document < fresh_document ? document : first + (document - fresh_document); };
    for (auto& billing : billings) {
        for (auto& document : billing.documents()) {
            document.invoice.id = row_of(document.invoice.id);
            for (auto& line : document.invoice.lines)
                if (line.credits) line.credits->document = row_of(line.credits->document);
        }
    }
}

template <class Item> void append(std::vector<Item>& all, const std::vector<Item>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

} // namespace

BilledSlice Billing::write(Slice& slice, const Finish& finish)
{
    BilledSlice billed{.members = slice.billings.size(), .failures = slice.failures, .held = slice.held};
    std::vector<store::OrderMark> marks;
    std::vector<store::AppliedCredit> applied;
    std::vector<store::CreditChange> credit_changes;
    std::vector<MemberId> members;
    if (slice.documents > 0) number_rows(slice.billings, rows_.take("document", slice.documents));
    for (auto& billing : slice.billings) {
        append(marks, billing.marks());
        append(applied, billing.applied());
        append(credit_changes, billing.credit_changes());
        members.push_back(billing.member().id);
        std::ranges::move(billing.documents(), std::back_inserter(billed.documents));
    }
    std::ranges::sort(marks, {}, &store::OrderMark::order); // everybody takes orders in this order
    const auto first_transaction = billed.documents.empty() ? 0 : rows_.take("ledger_transaction", billed.documents.size());
    const auto now = clock_.now();
    database_.transact([&](store::Session& session) {
        store::BillingStore{session}.mark(marks);
        store::DocumentStore documents{session};
        documents.change_credit(credit_changes);
        documents.apply(applied);
        store::BillingRunStore runs{session};
        runs.forget_errors(members);
        for (const auto& [member, error] : billed.failures) runs.note_error(member, slice.days.run_on, error, now);
        documents.issue(billed.documents, first_transaction, now);
        if (finish) finish(session, billed);
    });
    return billed;
}

BilledSlice Billing::bill(MemberId first, MemberId last, Day day, const Finish& finish)
{
    std::string why;
    constexpr int tries = 4;
    for (int attempt = 0; attempt < tries; ++attempt) {
        try {
            auto slice = load(first, last, day);
            compute(slice);
            database_.read([&](store::Session& session) { settle(session, slice); });
            return write(slice, finish);
        } catch (const store::Conflict& conflict) {
            why = conflict.what(); // somebody was quicker with an order of ours: it may not even be due any more
        } catch (const domain::Unavailable&) {
            throw; // nobody's fault
        } catch (const std::exception& error) {
            why = error.what();
            break;
        }
    }
    return bill_in_halves(first, last, day, finish, why);
}

/// The slice cannot be written: finds out who is to blame, and bills the others.
BilledSlice Billing::bill_in_halves(MemberId first, MemberId last, Day day, const Finish& finish, const std::string& why)
{
    const auto members = database_.read([&](store::Session& session) { return store::BillingStore{session}.due(first, last, day); });
    if (members.size() <= 1) {
        BilledSlice failed;
        for (const auto& member : members) failed.failures.push_back({member.id, why});
        database_.transact([&](store::Session& session) {
            for (const auto& [member, error] : failed.failures)
                store::BillingRunStore{session}.note_error(member, day, error, clock_.now());
            if (finish) finish(session, failed);
        });
        logging::event("error", "member_not_billed", {{"error", why}});
        return failed;
    }
    const auto middle = members[members.size() / 2 - 1].id;
    auto billed = bill(first, middle, day);
    auto rest = bill(MemberId{static_cast<std::int64_t>(middle) + 1}, last, day);
    std::ranges::move(rest.documents, std::back_inserter(billed.documents));
    append(billed.failures, rest.failures);
    append(billed.held, rest.held);
    billed.members += rest.members;
    if (finish) database_.transact([&](store::Session& session) { finish(session, billed); });
    return billed;
}

BilledSlice Billing::preview(MemberId first, MemberId last, Day day) { return draft(first, last, day, Waiting::left_out); }

BilledSlice Billing::draft(MemberId first, MemberId last, Day day, Waiting waiting)
{
    auto slice = load(first, last, day, waiting);
    compute(slice);
    database_.read([&](store::Session& session) { settle(session, slice); });
    BilledSlice billed{.members = slice.billings.size(), .failures = slice.failures, .held = slice.held};
    for (auto& billing : slice.billings) std::ranges::move(billing.documents(), std::back_inserter(billed.documents));
    return billed;
}

std::optional<Billing::Upcoming> Billing::upcoming(MemberId member)
{
    const auto next = database_.read([&](store::Session& session) { return store::BillingStore{session}.next_due(member); });
    if (!next) return std::nullopt;
    const auto day = std::max(*next, Day{clock_.today()});
    return Upcoming{day, draft(member, member, day, Waiting::shown).documents};
}

} // namespace service
