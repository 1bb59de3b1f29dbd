#pragma once
#include "gateway/clock.h"
#include "service/member_billing.h"
#include "store/database.h"
#include "store/row_numbers.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace service {

struct BillingRules {
    int payment_days{30};
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
};

/// Bills members: loads their orders in bulk, computes, writes documents, books and marks in bulk, all of a slice in one
/// transaction. The worker, the operator's run, the first invoice of an order and the preview all come through here.
class Billing {
public:
    Billing(store::Database& database, gateway::Clock& clock, BillingRules rules) : database_{database}, clock_{clock}, rules_{rules} {}

    /// Bills what members first..last have due up to the day. Members that cannot be billed are kept apart, noted in the
    /// error list, and hold up nobody. `in_same_transaction` is called with the slice before it is committed.
    using Finish = std::function<void(store::Session&, const BilledSlice&)>;
    BilledSlice bill(domain::MemberId first, domain::MemberId last, domain::Day day, const Finish& in_same_transaction = {});

    /// The same, writing nothing: the documents have no numbers.
    BilledSlice preview(domain::MemberId first, domain::MemberId last, domain::Day day);

    /// What the next run would bill the member, and when; nullopt if nothing is going to be due.
    struct Upcoming {
        domain::Day day{};
        std::vector<store::NewDocument> documents{};
    };
    std::optional<Upcoming> upcoming(domain::MemberId member);

private:
    struct Slice;

    Slice load(domain::MemberId first, domain::MemberId last, domain::Day day);
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
