#include "app/snapshot_commands.h"

#include "api/answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "service/administration.h"
#include "service/snapshot_administration.h"
#include "service/snapshot_sweep.h"

#include <atomic>
#include <stdexcept>

namespace app {
namespace {

using http::JsonText;

domain::Uuid uuid_in(const std::string& text, const char* of)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of a " + std::string{of} + ": " + text};
    return *uuid;
}

JsonText json_of(const store::SnapshotImageRecord& image)
{
    return JsonText::object()
        .set("ordinal", image.ordinal)
        .set("place", image.place)
        .set("name", image.name)
        .set("size_gib", image.size_gib)
        .set("state", image.state)
        .set("seen_at", api::json_of(image.seen_at));
}

} // namespace

void list_snapshots(std::ostream& out, const SnapshotListArguments& arguments)
{
    App app{"uncloud"};
    service::SnapshotAdministration snapshots{app.database, *app.clock};
    const auto machine = arguments.machine.empty() ? std::nullopt : std::optional{uuid_in(arguments.machine, "machine")};
    store::Table table{.columns = {"snapshot", "vm", "username", "state", "consistency", "size_gib", "requested_at", "error"},
        .numeric = {false, false, false, false, false, true, false, false}};
    for (const auto& record : snapshots.list({arguments.state, machine}, 100)) {
        const auto& snapshot = record.snapshot;
        table.rows.push_back({snapshot.uuid.text(), snapshot.vm.text(), record.username, std::string{domain::to_text(snapshot.state)},
            snapshot.consistency, std::to_string(snapshot.size_gib), domain::to_text(snapshot.requested_at), snapshot.error});
    }
    if (arguments.format == "json") out << api::json_of(table).dump() << '\n';
    else out << api::plain_of(table);
}

void show_snapshot(std::ostream& out, const std::string& text)
{
    App app{"uncloud"};
    service::SnapshotAdministration snapshots{app.database, *app.clock};
    const auto [record, images, jobs] = snapshots.read(uuid_in(text, "snapshot"));
    const auto& snapshot = record.snapshot;
    auto all_images = JsonText::array(), all_jobs = JsonText::array();
    for (const auto& image : images) all_images.push(json_of(image));
    for (const auto& job : jobs) all_jobs.push(api::json_of(job));
    out << api::json_of(snapshot)
               .set("username", record.username)
               .set("attempts", snapshot.attempts)
               .set("looks_left", snapshot.looks_left)
               .set("may_be_frozen", record.may_be_frozen)
               .set("frozen_at", api::json_of(snapshot.frozen_at))
               .set("thawed_at", api::json_of(snapshot.thawed_at))
               .set("lost_at", api::json_of(record.lost_at))
               .set("deleted_at", api::json_of(record.deleted_at))
               .set("images", all_images)
               .set("jobs", all_jobs)
               .dump()
        << '\n';
}

void retry_snapshot(std::ostream& out, const std::string& text)
{
    App app{"uncloud"};
    service::SnapshotAdministration snapshots{app.database, *app.clock};
    const auto uuid = uuid_in(text, "snapshot");
    const auto started = app.database.transact([&](store::Session& session) { return snapshots.retry(session, uuid, operator_name()); });
    out << "snapshot " << uuid.text() << ": " << started << (started == 1 ? " job is" : " jobs are") << " queued again\n";
}

void sweep_snapshots(std::ostream& out)
{
    App app{"uncloud", std::chrono::minutes{10}};
    const auto storages = gateway::make_storage_set(app.config.storage_directory);
    const std::atomic<bool> never{false};
    service::SnapshotSweep{app.database, *storages, *app.clock}.work(never, std::chrono::seconds{0});
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
    const auto amiss = administration.report("snapshots-amiss", {});
    if (amiss.rows.empty()) out << "nothing is amiss\n";
    else out << api::plain_of(amiss);
}

} // namespace app
