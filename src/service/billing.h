#pragma once
#include "gateway/clock.h"
#include "service/member_billing.h"
#include "store/database.h"
#include "store/row_numbers.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace service {

struct BillingRules {
    int payment_days{30};
    domain::VatRegistration vat{};
};

/// A member that could not be billed.
struct BillingFailure {
    domain::MemberId member{};
    std::string error{};
};

/// What came of some members.
struct BilledSlice {
    std::vector<store::NewDocument> documents{}; ///< with their numbers, in their order
    std::size_t members{0};                      ///< that were billed
    std::vector<BillingFailure> failures{};

    /// Members of whom nothing is invoiced now, and why: they wait for VIES, or must not be sold to. The latter are failures, too.
    std::vector<std::pair<domain::MemberId, domain::VatTreatment>> held{};

    /// Why nothing is invoiced to the member; nullopt: it is not held.
    std::optional<domain::VatTreatment> held_for(domain::MemberId member) const;
};

/// Bills members: loads their orders in bulk, computes, writes documents, books and marks in bulk, all of a slice in one
/// transaction. The worker, the operator's run, the first invoice of an order and the preview all come through here.
class Billing {
public:
    Billing(store::Database& database, gateway::Clock& clock, BillingRules rules)
        : database_{database}, clock_{clock}, rules_{std::move(rules)}
    {
    }

    /// Bills what members first..last have due up to the day. Members that cannot be billed are kept apart, noted in the
    /// error list, and hold up nobody. `in_same_transaction` is called with the slice before it is committed.
    using Finish = std::function<void(store::Session&, const BilledSlice&)>;
    BilledSlice bill(domain::MemberId first, domain::MemberId last, domain::Day day, const Finish& in_same_transaction = {});

    /// The same, writing nothing: the documents have no numbers.
    BilledSlice preview(domain::MemberId first, domain::MemberId last, domain::Day day);

    /// What the next run would bill the member, and when; nullopt if nothing is going to be due. While VIES is waited for the
    /// documents are shown without tax, as HOLD_VAT_CHECK.
    struct Upcoming {
        domain::Day day{};
        std::vector<store::NewDocument> documents{};
    };
    std::optional<Upcoming> upcoming(domain::MemberId member);

private:
    struct Slice;

    /// Whether documents of members that wait for VIES are computed, too; they are never written.
    enum class Waiting { left_out, shown };

    Slice load(domain::MemberId first, domain::MemberId last, domain::Day day, Waiting waiting = Waiting::left_out);
    void add_member(Slice& slice, const store::BillableMember& member, Waiting waiting);
    BilledSlice draft(domain::MemberId first, domain::MemberId last, domain::Day day, Waiting waiting);
    void load_history(store::Session& session, Slice& slice);
    void compute(Slice& slice);
    void settle(store::Session& session, Slice& slice);
    BilledSlice write(Slice& slice, const Finish& finish);
    BilledSlice bill_in_halves(
        domain::MemberId first, domain::MemberId last, domain::Day day, const Finish& finish, const std::string& why);

    store::Database& database_;
    gateway::Clock& clock_;
    BillingRules rules_;
    store::RowNumbers rows_{database_};
};

} // namespace service
