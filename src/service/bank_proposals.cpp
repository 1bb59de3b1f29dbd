#include "service/bank_proposals.h"

#include "store/bank_proposal_store.h"

#include <set>
#include <string>

namespace service {
namespace {

using domain::BankProposal;
using store::BankBooking;
using store::NewBankBooking;

bool is_undecided(const NewBankBooking& told)
{
    return told.state == domain::BankBookingState::open || told.state == domain::BankBookingState::waiting;
}

/// What is known around some bookings.
class Clues {
public:
    Clues(store::Session& session, const std::vector<BankBooking>& bookings) : store_{session}
    {
        std::set<std::string> numbers, ibans, names;
        std::set<std::int64_t> credits, debits;
        for (const auto& [told, file, file_name, payment, username, invoice, decided_at, decided_by] : bookings) {
            if (!is_undecided(told)) continue;
            (told.credit ? credits : debits).insert(told.amount.minor);
            for (auto& number : domain::invoice_numbers_in(told.text)) numbers.insert(std::move(number));
            if (!told.payer_iban.empty()) ibans.insert(told.payer_iban);
            if (!told.payer_name.empty()) names.insert(told.payer_name);
        }
        invoices_ = store_.invoices({numbers.begin(), numbers.end()});
        by_iban_ = store_.members_by_iban({ibans.begin(), ibans.end()});
        by_name_ = store_.members_by_name({names.begin(), names.end()});
        by_amount_ = store_.by_open_amount({credits.begin(), credits.end()});
        undecided_ = store_.undecided({debits.begin(), debits.end()});
        std::set<std::int64_t> members;
        for (const auto* found : {&by_iban_, &by_name_})
            for (const auto& [what, member] : *found) members.insert(member);
        open_ = store_.open_of({members.begin(), members.end()});
        usernames_ = store_.usernames({members.begin(), members.end()});
    }

    BankProposal proposal_for(const NewBankBooking& told) const
    {
        if (!told.credit) return taken_back(told);
        for (const auto& number : domain::invoice_numbers_in(told.text))
            if (const auto found = invoices_.find(number); found != invoices_.end())
                return {.username = found->second.username, .invoice = number, .why = "the text names the invoice"};
        if (const auto found = by_iban_.find(told.payer_iban); found != by_iban_.end())
            return of_member(told, found->second, "the account has paid for this member before");
        if (const auto found = by_name_.find(domain::folded_name(told.payer_name)); found != by_name_.end())
            return of_member(told, found->second, "the payer has the member's name");
        if (const auto found = by_amount_.find({told.amount.minor, told.amount.currency}); found != by_amount_.end())
            return {.username = found->second.username, .invoice = found->second.number, .why = "no other invoice has this amount open"};
        return {};
    }

private:
    BankProposal of_member(const NewBankBooking& told, std::int64_t member, const std::string& why) const
    {
        const auto open = open_.find({member, told.amount.currency});
        const auto* invoice = open == open_.end() ? nullptr : domain::likely_invoice(open->second, told.amount.minor);
        if (!invoice) return {.username = usernames_.at(member), .why = why};
        return {.username = usernames_.at(member),
            .invoice = invoice->number,
            .why = why + (invoice->open == told.amount.minor ? ", and the amount fits" : ", this is the oldest open invoice")};
    }

    BankProposal taken_back(const NewBankBooking& told) const
    {
        const auto found = undecided_.find({told.account, told.amount.minor});
        if (found == undecided_.end()) return {};
        return {.booking = found->second, .why = "as much came in, and nobody has placed it"};
    }

    store::BankProposalStore store_;
    std::map<std::string, domain::OpenInvoice> invoices_{};
    std::map<std::string, std::int64_t> by_iban_{}, by_name_{};
    std::map<std::pair<std::int64_t, domain::Currency>, domain::OpenInvoice> by_amount_{};
    std::map<std::pair<std::string, std::int64_t>, std::string> undecided_{};
    std::map<std::pair<std::int64_t, domain::Currency>, std::vector<domain::OpenInvoice>> open_{};
    std::map<std::int64_t, std::string> usernames_{};
};

} // namespace

std::vector<ProposedBooking> with_proposals(store::Session& session, std::vector<BankBooking> bookings)
{
    const Clues clues{session, bookings};
    std::vector<ProposedBooking> proposed;
    for (auto& booking : bookings) {
        auto proposal = is_undecided(booking.told) ? clues.proposal_for(booking.told) : BankProposal{};
        proposed.push_back({std::move(booking), std::move(proposal)});
    }
    return proposed;
}

} // namespace service
