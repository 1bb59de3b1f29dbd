#pragma once
#include "domain/member.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace store {

struct BillingRunRecord {
    std::int64_t id{0};
    domain::Date run_on{};
    domain::Instant started_at{};
    std::optional<domain::Instant> finished_at{};
    std::string started_by{};
    std::int64_t members{0}; ///< planned
    std::int64_t slices{0}, slices_done{0};
    std::int64_t billed{0}, documents{0}, errors{0};
};

/// Members first..last, a part of a run.
struct SliceRecord {
    std::int64_t run{0};
    int position{0};
    domain::MemberId first{}, last{};
};

struct BillingErrorRecord {
    std::string uid{};
    domain::Date run_on{};
    std::string error{};
    int tries{0};
    domain::Instant first_at{}, last_at{};
};

/// Rows of billing runs, their slices, and the list of members that could not be billed.
class BillingRunStore {
public:
    explicit BillingRunStore(Session& session) : session_{session} {}

    /// The open run of the day, if there is one.
    std::optional<std::int64_t> open_run(domain::Date day);

    /// The oldest run that is open.
    std::optional<std::pair<std::int64_t, domain::Date>> oldest_open();

    /// Begins a run with its slices. Returns nullopt if one of that day is open.
    std::optional<std::int64_t> begin(
        domain::Date day, const std::vector<SliceRecord>& slices, std::int64_t members, const std::string& started_by, domain::Instant now);

    /// A slice that nobody works on, or whose worker has gone silent, leased to `owner`. The real time counts here.
    std::optional<SliceRecord> claim(std::int64_t run, const std::string& owner, std::chrono::seconds lease);

    void finish_slice(const SliceRecord& slice, std::size_t members, std::size_t documents, std::size_t errors);

    /// Gives a slice back that was not worked off.
    void give_back(const SliceRecord& slice);

    /// Closes the run if all of its slices are done. Returns whether it is closed.
    bool finish_if_done(std::int64_t run, domain::Instant now);

    std::optional<BillingRunRecord> read(std::int64_t run);

    /// Newest first.
    std::vector<BillingRunRecord> page(std::optional<std::int64_t> before, int limit);

    void note_error(domain::MemberId member, domain::Date run_on, const std::string& error, domain::Instant now);
    void forget_errors(const std::vector<domain::MemberId>& members);
    std::vector<BillingErrorRecord> errors(int limit);

private:
    Session& session_;
};

} // namespace store
