#include "deliveries.h"

#include "object_store.h"
#include "store/statement.h"
#include "unix_time.h"

#include <algorithm>

namespace stripe_fake {
namespace {

constexpr std::int64_t lease_ms = 30'000;         // longer than a delivery may take
constexpr std::int64_t longest_pause_ms = 25'000; // with some time to spare in the promised 30 s
constexpr int most_attempts = 200;
constexpr std::int64_t between_reordered_ms = 300; // more than couriers may differ by

bool wants(const json_t* endpoint, const std::string& type)
{
    const auto* types = json_object_get(endpoint, "enabled_events");
    for (std::size_t i = 0; i < json_array_size(types); ++i) {
        const std::string_view wanted{json_string_value(json_array_get(types, i))};
        if (wanted == "*" || wanted == type) return true;
    }
    return false;
}

/// The later one of a request's events is told, the sooner it is due.
std::int64_t delay_of(const Work& work)
{
    const auto held = work.faults.hold_webhooks;
    return held ? std::max<std::int64_t>(0, held->count() - between_reordered_ms * work.events_told) : 0;
}

} // namespace

void Deliveries::create_table(store::Session& session)
{
    store::execute(session,
        "CREATE TABLE IF NOT EXISTS stripe_fake_deliveries ("
        " number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
        " event VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        " endpoint VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        " copy TINYINT NOT NULL COMMENT '1 for the second of a duplicate',"
        " state ENUM('open', 'delivered', 'given_up') NOT NULL DEFAULT 'open',"
        " attempts INT NOT NULL DEFAULT 0,"
        " last_status INT NOT NULL DEFAULT 0 COMMENT 'of HTTP; 0: no answer',"
        " due BIGINT NOT NULL COMMENT 'test clock, ms',"
        " due_by_machine BIGINT NOT NULL COMMENT 'machine''s clock, ms',"
        " leased_until BIGINT NOT NULL DEFAULT 0 COMMENT 'machine''s clock, ms',"
        " UNIQUE KEY once (event, endpoint, copy),"
        " KEY by_due (state, due_by_machine)"
        ") ENGINE = InnoDB");
}

std::vector<std::string> Deliveries::endpoints_for(const std::string& type)
{
    std::vector<std::string> ids;
    const auto rows = store::select<std::string, std::string>(
        session_, "SELECT id, body FROM stripe_fake_objects WHERE kind = 'webhook_endpoint' ORDER BY number");
    for (const auto& [id, text] : rows) {
        const http::Json body{json_loadb(text.data(), text.size(), 0, nullptr)};
        const char* status = json_string_value(json_object_get(body.get(), "status"));
        if (status && std::string_view{status} == "enabled" && wants(body.get(), type)) ids.push_back(id);
    }
    return ids;
}

void Deliveries::add(const Work& work, const std::string& event, const std::vector<std::string>& endpoints)
{
    const auto delay = delay_of(work);
    const int copies = work.faults.duplicate_webhooks ? 2 : 1;
    for (const auto& endpoint : endpoints)
        for (int copy = 0; copy < copies; ++copy)
            store::execute(session_,
                "INSERT INTO stripe_fake_deliveries (event, endpoint, copy, due, due_by_machine) VALUES (?, ?, ?, ?, ?)", event, endpoint,
                copy, work.now_ms + delay, machine_ms() + delay);
}

std::optional<Delivery> Deliveries::claim(std::int64_t now_ms)
{
    const auto machine = machine_ms();
    const auto row = store::select_first<std::int64_t, std::string, std::string, int>(session_,
        "SELECT number, event, endpoint, attempts FROM stripe_fake_deliveries"
        " WHERE state = 'open' AND leased_until <= ? AND (due <= ? OR due_by_machine <= ?)"
        " ORDER BY due_by_machine, number LIMIT 1 FOR UPDATE SKIP LOCKED",
        machine, now_ms, machine);
    if (!row) return std::nullopt;
    const auto& [number, event, endpoint, attempts] = *row;
    store::execute(session_, "UPDATE stripe_fake_deliveries SET leased_until = ? WHERE number = ?", machine + lease_ms, number);
    return Delivery{number, event, endpoint, attempts};
}

void Deliveries::delivered(const Delivery& delivery, int status)
{
    store::execute(session_,
        "UPDATE stripe_fake_deliveries SET state = 'delivered', attempts = attempts + 1, last_status = ? WHERE number = ?", status,
        delivery.number);
}

void Deliveries::failed(const Delivery& delivery, int status, std::int64_t now_ms)
{
    const auto pause = std::min(longest_pause_ms, std::int64_t{1000} << std::min(delivery.attempts, 5));
    store::execute(session_,
        "UPDATE stripe_fake_deliveries SET state = IF(attempts + 1 >= ?, 'given_up', 'open'), attempts = attempts + 1,"
        " last_status = ?, due = ?, due_by_machine = ?, leased_until = 0 WHERE number = ?",
        most_attempts, status, now_ms + pause, machine_ms() + pause, delivery.number);
}

void Deliveries::drop(const Delivery& delivery)
{
    store::execute(session_, "UPDATE stripe_fake_deliveries SET state = 'given_up' WHERE number = ?", delivery.number);
}

std::int64_t Deliveries::open_for(const std::string& event)
{
    return std::get<0>(store::select_first<std::int64_t>(
        session_, "SELECT COUNT(DISTINCT endpoint) FROM stripe_fake_deliveries WHERE event = ? AND state = 'open'", event)
                           .value());
}

} // namespace stripe_fake
