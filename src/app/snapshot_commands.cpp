#include "app/commands.h"

#include "api/answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "app/print_table.h"
#include "service/administration.h"
#include "service/snapshot_administration.h"
#include "service/snapshot_sweep.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <stdexcept>

namespace app {
namespace {

struct SnapshotListArguments {
    std::string state{}, machine{}; ///< empty: all
    std::string format{"table"};    ///< table or json
};

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

/// The newest 100.
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
    print_table(out, table, arguments.format);
}

/// One with its images and jobs, as JSON.
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

/// Gives what was given up of it a new start.
void retry_snapshot(std::ostream& out, const std::string& text)
{
    App app{"uncloud"};
    service::SnapshotAdministration snapshots{app.database, *app.clock};
    const auto uuid = uuid_in(text, "snapshot");
    const auto started = app.database.transact([&](store::Session& session) { return snapshots.retry(session, uuid, operator_name()); });
    out << "snapshot " << uuid.text() << ": " << started << (started == 1 ? " job is" : " jobs are") << " queued again\n";
}

/// Frees the machine of a restoring that is tried no more.
void give_up_restore(std::ostream& out, const std::string& text)
{
    App app{"uncloud"};
    service::SnapshotAdministration snapshots{app.database, *app.clock};
    const auto uuid = uuid_in(text, "snapshot");
    app.database.transact([&](store::Session& session) { snapshots.give_up_restore(session, uuid, operator_name()); });
    out << "snapshot " << uuid.text() << ": its restoring is given up, its VM is free; what of the disks was put back stays so\n";
}

/// Holds storage against the rows at once, as the worker does each hour, and tells what is amiss.
void sweep_snapshots(std::ostream& out)
{
    App app{"uncloud", std::chrono::minutes{10}};
    const auto storages = gateway::make_storage_set(app.config.storage_directory);
    const std::atomic<bool> never{false};
    const auto guests = gateway::make_guest_set();
    service::SnapshotSweep{app.database, *storages, *guests, *app.clock}.work(never, std::chrono::seconds{0});
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
    const auto amiss = administration.report("snapshots-amiss", {});
    if (amiss.rows.empty()) out << "nothing is amiss\n";
    else out << api::plain_of(amiss);
}

} // namespace

void add_snapshot_commands(CLI::App& cli, std::ostream& out)
{
    static SnapshotListArguments list;
    static std::string uuid;

    auto* snapshot = cli.add_subcommand("snapshot", "members' snapshots; those that wait for you: uncloud report snapshots-amiss")
                         ->require_subcommand(1);
    auto* all = snapshot->add_subcommand("list", "the newest 100, also deleted ones");
    all->add_option("--state", list.state)
        ->check(
            CLI::IsMember({"requested", "freezing", "creating", "unknown", "ready", "restoring", "deleting", "deleted", "failed", "lost"}));
    all->add_option("--vm", list.machine, "uuid of a machine");
    all->add_option("--format", list.format, "table or json")->check(CLI::IsMember({"table", "json"}));
    all->callback([&out] { list_snapshots(out, list); });
    auto* show = snapshot->add_subcommand("show", "one with its images and jobs, as JSON");
    show->add_option("uuid", uuid)->required();
    show->callback([&out] { show_snapshot(out, uuid); });
    auto* retry = snapshot->add_subcommand("retry", "give what was given up of one a new start: its taking, restoring or deletion");
    retry->add_option("uuid", uuid)->required();
    retry->callback([&out] { retry_snapshot(out, uuid); });
    auto* give_up =
        snapshot->add_subcommand("give-up", "end a restoring that is tried no more, and free its VM; the disks stay as they are");
    give_up->add_option("uuid", uuid)->required();
    give_up->callback([&out] { give_up_restore(out, uuid); });
    snapshot->add_subcommand("sweep", "hold storage against the database now, as the worker does each hour, and tell what is amiss")
        ->callback([&out] { sweep_snapshots(out); });
}

} // namespace app
