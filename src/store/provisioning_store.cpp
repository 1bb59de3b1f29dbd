#include "store/provisioning_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>

namespace store {
namespace {

using domain::MachineState;
using domain::WantedState;

WantedChange change_of(const std::tuple<std::string, std::string, int>& row)
{
    const auto& [machine, wanted, generation] = row;
    return {uuid_of(machine), domain::wanted_state_from(wanted), generation};
}

WantedChange wanted_of(Session& session, const domain::Uuid& machine)
{
    return change_of(
        select_first<std::string, std::string, int>(session, "SELECT uuid, wanted, generation FROM machines WHERE uuid = ?", machine)
            .value());
}

} // namespace

std::vector<domain::StepRecord> ProvisioningStore::steps_of(const domain::Uuid& machine)
{
    const auto rows =
        select<std::string, int, std::string, int, std::string, std::string, std::string, std::optional<std::string>>(session_,
            "SELECT step, occasion, state, attempts, error, message, CAST(begun_at AS CHAR), CAST(ended_at AS CHAR)"
            " FROM provisioning_steps WHERE machine_uuid = ? ORDER BY id DESC LIMIT 200",
            machine);
    std::vector<domain::StepRecord> steps;
    for (const auto& [step, occasion, state, attempts, error, message, begun_at, ended_at] : rows)
        steps.push_back({.step = domain::provision_step_from(step),
            .occasion = occasion,
            .state = domain::step_state_from(state),
            .attempts = attempts,
            .error = error,
            .message = message,
            .begun_at = instant_of(begun_at),
            .ended_at = ended_at ? std::optional{instant_of(*ended_at)} : std::nullopt});
    std::ranges::reverse(steps);
    return steps;
}

void ProvisioningStore::choose_driver(const domain::Uuid& machine, domain::ProvisionDriver driver, bool has_image)
{
    execute(session_, "UPDATE machines SET driver = ?, has_image = ? WHERE uuid = ? AND driver IS NULL", domain::to_text(driver), has_image,
        machine);
}

void ProvisioningStore::begin_step(const domain::Uuid& machine, domain::ProvisionStep step, int occasion, domain::Instant now)
{
    execute(session_,
        "INSERT INTO provisioning_steps (machine_uuid, step, occasion, state, begun_at) VALUES (?, ?, ?, 'begun', ?)"
        " ON DUPLICATE KEY UPDATE state = 'begun', attempts = attempts + 1, ended_at = NULL",
        machine, domain::to_text(step), occasion, to_sql(now));
}

void ProvisioningStore::end_step(const domain::Uuid& machine, domain::ProvisionStep step, int occasion, domain::StepState state,
    const std::string& error, const std::string& message, domain::Instant now)
{
    execute(session_,
        "UPDATE provisioning_steps SET state = ?, error = ?, message = ?, ended_at = ?"
        " WHERE machine_uuid = ? AND step = ? AND occasion = ? AND state <> 'done'",
        domain::to_text(state), error, message, to_sql(now), machine, domain::to_text(step), occasion);
}

bool ProvisioningStore::take_turn(const domain::Uuid& machine, const domain::Uuid& turn, std::chrono::seconds longest)
{
    return execute(session_,
               "UPDATE machines SET turn = ?, turn_until = NOW(6) + INTERVAL ? SECOND"
               " WHERE uuid = ? AND (turn_until IS NULL OR turn_until <= NOW(6))",
               turn, std::int64_t{longest.count()}, machine)
        == 1;
}

bool ProvisioningStore::has_turn(const domain::Uuid& machine)
{
    return select_first<int>(session_, "SELECT 1 FROM machines WHERE uuid = ? AND turn_until > NOW(6)", machine).has_value();
}

bool ProvisioningStore::return_turn(const domain::Uuid& machine, const domain::Uuid& turn)
{
    return execute(session_, "UPDATE machines SET turn = NULL, turn_until = NULL WHERE uuid = ? AND turn = ? AND turn_until > NOW(6)",
               machine, turn)
        == 1;
}

void ProvisioningStore::keep(const domain::Uuid& machine, const ToldByProgram& told)
{
    execute(session_, "UPDATE machines SET address = IF(? = '', address, ?), name = IF(? = '', name, ?), message = ? WHERE uuid = ?",
        told.address, told.address, told.name, told.name, told.message, machine);
}

void ProvisioningStore::fail(const domain::Uuid& machine, const std::string& error, domain::Instant now)
{
    execute(session_,
        "UPDATE machines SET state = 'failed', error = ?, failed_at = COALESCE(failed_at, ?)"
        " WHERE uuid = ? AND state IN ('creating', 'failed')",
        error, to_sql(now), machine);
}

void ProvisioningStore::settle(const domain::Machine& machine, domain::Instant now)
{
    const auto state = domain::settled_state(machine);
    const auto deleted_at = state == MachineState::deleted ? std::optional{to_sql(now)} : std::nullopt;
    // Only a program runs machines: of an image alone nobody knows whether it is used.
    const std::string_view power = state == MachineState::active ? "on" : "off";
    execute(session_,
        "UPDATE machines SET state = ?, error = '', failed_at = NULL, deleted_at = COALESCE(deleted_at, ?), settled_generation = ?, "
        "sized_for = ?,"
        " power = IF(driver = 'exec', ?, power) WHERE uuid = ? AND generation = ?",
        domain::to_text(state), deleted_at, machine.generation, machine.changes, power, machine.uuid, machine.generation);
}

std::optional<WantedChange> ProvisioningStore::want_gone(const domain::Uuid& machine)
{
    const bool is_new = execute(session_,
                            "UPDATE machines SET wanted = 'gone', generation = generation + 1, state = 'deleting', error = ''"
                            " WHERE uuid = ? AND wanted <> 'gone'",
                            machine)
        == 1;
    if (!is_new) return std::nullopt;
    return wanted_of(session_, machine);
}

std::optional<WantedChange> ProvisioningStore::want_stopped(const domain::Uuid& machine, bool stopped)
{
    execute(session_, "UPDATE machines SET stopped = ? WHERE uuid = ?", stopped, machine);
    const auto wanted = stopped ? WantedState::stopped : WantedState::running;
    const bool is_new = execute(session_,
                            "UPDATE machines SET wanted = ?, generation = generation + 1"
                            " WHERE uuid = ? AND wanted IN ('running', 'stopped') AND wanted <> ?",
                            domain::to_text(wanted), machine, domain::to_text(wanted))
        == 1;
    return is_new ? std::optional{wanted_of(session_, machine)} : std::nullopt;
}

std::vector<WantedChange> ProvisioningStore::follow_orders(const std::vector<domain::MemberId>& members)
{
    std::vector<std::int64_t> numbers;
    for (const auto member : members) numbers.push_back(static_cast<std::int64_t>(member));
    std::vector<WantedChange> changes;
    for_keys(numbers, [&](const auto&... keys) {
        const auto rows = select<std::string, std::string, int>(session_,
            "SELECT m.uuid, IF(o.status = 'suspended', 'suspended', IF(m.stopped, 'stopped', 'running')), m.generation + 1"
            " FROM machines m JOIN orders o ON o.id = m.order_id WHERE m.member_id IN " STORE_KEYS
            " AND o.status IN ('active', 'suspended') AND m.wanted <> 'gone'"
            " AND m.wanted <> IF(o.status = 'suspended', 'suspended', IF(m.stopped, 'stopped', 'running'))"
            " ORDER BY m.position FOR UPDATE",
            keys...);
        for (const auto& row : rows) changes.push_back(change_of(row));
    });
    std::vector<std::string> wanted, machines;
    for (const auto& change : changes) {
        wanted.emplace_back(domain::to_text(change.wanted));
        machines.push_back(change.machine.text());
    }
    execute_bulk(session_, "UPDATE machines SET wanted = ?, generation = generation + 1 WHERE uuid = ?", wanted, machines);
    return changes;
}

std::optional<WantedChange> ProvisioningStore::want_gone_again(const domain::Uuid& machine)
{
    const bool changed =
        execute(session_, "UPDATE machines SET generation = generation + 1, state = 'deleting' WHERE uuid = ? AND wanted = 'gone'", machine)
        == 1;
    return changed ? std::optional{wanted_of(session_, machine)} : std::nullopt;
}

std::optional<WantedChange> ProvisioningStore::want_again(const domain::Uuid& machine)
{
    const bool changed =
        execute(session_, "UPDATE machines SET generation = generation + 1 WHERE uuid = ? AND state <> 'deleted'", machine) == 1;
    if (!changed) return std::nullopt;
    return wanted_of(session_, machine);
}

} // namespace store
