#include "late_outcomes.h"

#include "disputes.h"
#include "fraud_warnings.h"
#include "payment_settling.h"
#include "refunds.h"
#include "store/statement.h"
#include "unix_time.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace stripe_fake {
namespace {

struct Kind {
    LateOutcome outcome{};
    std::string_view name{};
    void (*bring_about)(Work& work, const std::string& object){};
};

constexpr auto kinds = std::to_array<Kind>({{LateOutcome::payment_settles, "payment_settles", settle_payment},
    {LateOutcome::refund_settles, "refund_settles", settle_refund}, {LateOutcome::refund_fails, "refund_fails", fail_refund},
    {LateOutcome::charge_is_disputed, "charge_is_disputed", open_dispute}, {LateOutcome::fraud_warning, "fraud_warning", warn_of_fraud},
    {LateOutcome::dispute_is_decided, "dispute_is_decided", decide_dispute}});

constexpr std::int64_t put_off_ms = 5000;

} // namespace

void create_late_outcome_table(store::Session& session)
{
    store::execute(session,
        "CREATE TABLE IF NOT EXISTS stripe_fake_late_outcomes ("
        " number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
        " kind VARCHAR(32) NOT NULL,"
        " object VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        " due BIGINT NOT NULL COMMENT 'test clock, ms',"
        " due_by_machine BIGINT NOT NULL COMMENT 'machine''s clock, ms',"
        " KEY by_due (due_by_machine)"
        ") ENGINE = InnoDB");
}

void schedule(Work& work, LateOutcome outcome, const std::string& object, std::int64_t seconds)
{
    const auto name = std::ranges::find(kinds, outcome, &Kind::outcome)->name;
    store::execute(work.session, "INSERT INTO stripe_fake_late_outcomes (kind, object, due, due_by_machine) VALUES (?, ?, ?, ?)", name,
        object, work.now_ms + seconds * 1000, machine_ms() + seconds * 1000);
}

bool bring_about_next(Work& work)
{
    const auto row = store::select_first<std::int64_t, std::string, std::string>(work.session,
        "SELECT number, kind, object FROM stripe_fake_late_outcomes WHERE due <= ? OR due_by_machine <= ?"
        " ORDER BY due_by_machine, number LIMIT 1 FOR UPDATE SKIP LOCKED",
        work.now_ms, machine_ms());
    if (!row) return false;
    const auto& [number, name, object] = *row;
    const auto* kind = std::ranges::find(kinds, name, &Kind::name);
    if (kind == kinds.end()) throw std::runtime_error{"stripe_fake_late_outcomes holds an unknown kind"};
    kind->bring_about(work, object);
    store::execute(work.session, "DELETE FROM stripe_fake_late_outcomes WHERE number = ?", number);
    return true;
}

void put_off(store::Session& session, std::int64_t now_ms)
{
    store::execute(session,
        "UPDATE stripe_fake_late_outcomes SET due = ?, due_by_machine = ? WHERE due <= ? OR due_by_machine <= ?"
        " ORDER BY due_by_machine, number LIMIT 1",
        now_ms + put_off_ms, machine_ms() + put_off_ms, now_ms, machine_ms());
}

} // namespace stripe_fake
