#include "app/commands.h"

#include "app/operator.h"
#include "app/placement_parts.h"
#include "app/print_table.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "service/machine_sync.h"
#include "service/machines.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <stdexcept>

namespace app {
namespace {

struct ImageArguments {
    std::string machine{}, cluster{}, pool{}, pool_namespace{}, name{};
    int ordinal{0};
    int size_gib{0};
};

struct MachineArguments {
    std::string machine{};
    std::optional<std::string> host{};   ///< CLUSTER/NAME or none
    std::optional<std::string> freeze{}; ///< yes or no
};

domain::Uuid machine_of(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of a machine: " + text};
    return *uuid;
}

void list_images(std::ostream& out, const std::string& machine, const std::string& format)
{
    const auto uuid = machine.empty() ? std::nullopt : std::optional{machine_of(machine)};
    store::Table table{
        .columns = {"machine", "ordinal", "place", "name", "size_gib", "host"}, .numeric = {false, true, false, false, true, false}};
    PlacementParts parts;
    for (const auto& image : parts.placement.images(uuid, 100))
        table.rows.push_back({image.machine.text(), std::to_string(image.ordinal), domain::place_of(image.cluster, image.pool), image.name,
            std::to_string(image.size_gib), image.host ? image.host->name : ""});
    print_table(out, table, format);
}

void add_image(std::ostream& out, const ImageArguments& arguments)
{
    if (arguments.name.empty() || arguments.name.size() > 96 || arguments.name.find_first_of("/@ ") != std::string::npos)
        throw std::invalid_argument{"--name must be 1 to 96 characters without / @ and blanks: " + arguments.name};
    const auto machine = machine_of(arguments.machine);
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.add_image(session,
            {machine, arguments.ordinal, arguments.cluster, arguments.pool, arguments.pool_namespace, arguments.name, arguments.size_gib},
            actor);
    });
    out << "image " << arguments.name << " belongs to machine " << machine.text() << '\n';
}

void remove_image(std::ostream& out, const ImageArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.remove_image(session, machine, arguments.ordinal, actor);
    });
    out << "image " << arguments.ordinal << " of machine " << machine.text() << " is forgotten; its bytes stay\n";
}

void set_machine(std::ostream& out, const MachineArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    if (!arguments.host && !arguments.freeze) throw std::invalid_argument{"nothing is to be changed: give --host or --freeze"};
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.change_machine(session, machine, {arguments.host, yes_of(arguments.freeze)}, actor);
    });
    out << "machine " << machine.text() << " is changed\n";
}

void switch_machine(std::ostream& out, const MachineArguments& arguments, bool on)
{
    const auto machine = machine_of(arguments.machine);
    PlacementParts parts;
    service::Machines machines{parts.app.database};
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.switch_machine(session, machines, machine, on, actor); });
    out << "machine " << machine.text() << (on ? " is being started\n" : " is being stopped\n");
}

void end_machine(std::ostream& out, const MachineArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) { parts.placement.end_machine(session, machine, actor); });
    out << "what is left of machine " << machine.text() << " is being taken away\n";
}

/// Returns the exit status: 1 if something is left that does not agree.
int sync_machines(std::ostream& out, bool apply, const std::string& format)
{
    PlacementParts parts;
    auto& app = parts.app;
    const auto storages = gateway::make_storage_set(app.config.storage_directory);
    const auto guests = gateway::make_guest_set();
    const auto provisioners = app.provisioners();
    service::MachineSync machines{app.database, *storages, *guests, provisioners, *app.clock};
    auto findings = machines.look();
    if (apply)
        for (auto& finding : findings) machines.repair(finding, operator_name());

    store::Table table{
        .columns = {"fault", "place", "name", "machine", "detail", "repair"}, .numeric = {false, false, false, false, false, false}};
    for (const auto& finding : findings) {
        table.rows.push_back(
            {std::string{domain::to_text(finding.fault)}, finding.place, finding.name, finding.machine ? finding.machine->text() : "",
                finding.detail, finding.repair.empty() ? domain::remedy_of(finding) : finding.repair});
    }
    if (format == "json" || !findings.empty()) print_table(out, table, format);
    if (format == "table" && findings.empty()) out << "all agree\n";
    return std::ranges::all_of(findings, &domain::SyncFinding::repaired) ? 0 : 1;
}

void add_images(CLI::App& cli, std::ostream& out)
{
    static ImageArguments image;
    static std::string uuid, format{"table"};

    auto* images = cli.add_subcommand("image", "disks of machines")->require_subcommand(1);
    auto* list = add_list(*images, "of a machine, or the newest 100", format);
    list->add_option("--vm", uuid, "the machine's uuid");
    list->callback([&out] { list_images(out, uuid, format); });
    auto* add = images->add_subcommand("add", "say that an image that exists belongs to a machine: snapshots take it, too");
    add->add_option("vm", image.machine, "the machine's uuid")->required();
    add->add_option("--ordinal", image.ordinal, "1 and up; 0 is the one that the order sizes")->required()->check(CLI::Range(1, 100));
    add->add_option("--cluster", image.cluster)->required();
    add->add_option("--pool", image.pool)->required();
    add->add_option("--namespace", image.pool_namespace, "of rbd");
    add->add_option("--name", image.name, "in its pool")->required();
    add->add_option("--size", image.size_gib, "GiB")->required()->check(CLI::Range(1, 1'000'000));
    add->callback([&out] { add_image(out, image); });
    auto* remove = images->add_subcommand("remove", "forget that one belongs to a machine; its bytes stay");
    remove->add_option("vm", image.machine, "the machine's uuid")->required();
    remove->add_option("--ordinal", image.ordinal)->required()->check(CLI::Range(0, 100));
    remove->callback([&out] { remove_image(out, image); });
}

void add_machines(CLI::App& cli, std::ostream& out, int& status)
{
    static MachineArguments machine;
    static std::string format{"table"};
    static bool apply = false;

    auto* machines = cli.add_subcommand("vm", "machines")->require_subcommand(1);
    auto* set = machines->add_subcommand("set", "say where a machine runs, and whether its guest may be frozen");
    set->add_option("vm", machine.machine, "its uuid")->required();
    set->add_option("--host", machine.host, "CLUSTER/NAME, or none");
    set->add_option("--freeze", machine.freeze, "no: its guest hangs or crashes when it is frozen")->check(CLI::IsMember({"yes", "no"}));
    set->callback([&out] { set_machine(out, machine); });
    const auto machine_command = [=](const char* name, const char* what) {
        auto* command = machines->add_subcommand(name, what);
        command->add_option("vm", machine.machine, "its uuid")->required();
        return command;
    };
    machine_command("stop", "let its program stop it, until it is started")->callback([&out] { switch_machine(out, machine, false); });
    machine_command("start", "let its program start one that was stopped")->callback([&out] { switch_machine(out, machine, true); });
    machine_command("end", "take away what is left of one whose order is over")->callback([&out] { end_machine(out, machine); });
    auto* sync = machines->add_subcommand("sync", "hold storage, programs and hosts against the database; exit status 1: not all agree");
    sync->add_flag("--apply", apply, "put right what is safe to; nothing is made or removed");
    sync->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
    sync->callback([&out, &status] { status = sync_machines(out, apply, format); });
}

} // namespace

void add_machine_commands(CLI::App& cli, std::ostream& out, int& status)
{
    add_images(cli, out);
    add_machines(cli, out, status);
}

} // namespace app
