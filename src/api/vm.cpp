#include "api/vm.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/parameters.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

std::string scope_of(const std::string& list, const domain::Identity& who)
{
    return list + ':' + std::to_string(static_cast<std::int64_t>(who.member));
}

Response list_machines(const Request& request, const VmServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = scope_of("vm", who);
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.machines.page(who.member, after, limit); },
        [](const auto& listed) { return listed.position; }, [](const auto& listed) { return json_of(listed.machine); });
}

/// All snapshots of the member, or those of the machine in the path.
Response list_snapshots(const Request& request, const VmServices& services, const std::optional<domain::Uuid>& machine)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = scope_of("snapshots" + (machine ? machine->text() : ""), who);
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.snapshots.page(who.member, machine, after, limit); },
        [](const auto& listed) { return listed.position; }, [](const auto& listed) { return json_of(listed.snapshot); });
}

std::string path_of(const domain::Snapshot& snapshot) { return "/snapshots/" + snapshot.uuid.text(); }

/// The seed's command: a snapshot of one VM, ordered and requested in one.
Response create_snapshot(const Request& request, const VmServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto text = form.text("uuid");
    const auto machine = domain::Uuid::parse(text);
    if (!text.empty() && !machine) form.fault("uuid", "invalid", "must be the uuid of one of your VMs; GET /vm lists them");
    const bool require_fs = read_require_fs(form);
    form.finish();

    const service::PlaceOrder command{.who = who, .sku = "vm-snapshot", .parameters = {.vm = machine, .require_fs = require_fs}};
    const auto write = write_request(request, who.member, "/vm/create_snapshot");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto placed = services.ordering.place(session, command);
        const auto snapshot = services.snapshots.of_order(session, placed.order.id);
        return answer(202, json_of(snapshot), path_of(snapshot));
    }));
}

Response delete_snapshot(const Request& request, const VmServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, "/snapshots/{uuid}");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(202, json_of(services.snapshots.request_deletion(session, who.member, uuid)));
    }));
}

Response restore_snapshot(const Request& request, const VmServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, "/snapshots/{uuid}/restore");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(202, json_of(services.snapshots.request_restore(session, who.member, uuid)));
    }));
}

Response switch_machine(const Request& request, const VmServices& services, bool stopped)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, stopped ? "/vm/{uuid}/stop" : "/vm/{uuid}/start");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        auto& machines = services.machines;
        return answer(202, json_of(stopped ? machines.stop(session, who.member, uuid) : machines.start(session, who.member, uuid)));
    }));
}

} // namespace

void add_vm_routes(http::Router& router, const VmServices& services)
{
    router.on("GET", "/vm", [=](const Request& request) { return list_machines(request, services); });
    router.on("POST", "/vm/create_snapshot", [=](const Request& request) { return create_snapshot(request, services); });
    router.on("GET", "/vm/{uuid}", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        const auto [machine, steps] = services.machines.read(who.member, uuid_segment(request));
        return Response{.body = json_of(machine).set("steps", json_of(steps)).dump()};
    });
    router.on(
        "GET", "/vm/{uuid}/snapshots", [=](const Request& request) { return list_snapshots(request, services, uuid_segment(request)); });
    router.on("POST", "/vm/{uuid}/stop", [=](const Request& request) { return switch_machine(request, services, true); });
    router.on("POST", "/vm/{uuid}/start", [=](const Request& request) { return switch_machine(request, services, false); });
    router.on("GET", "/snapshots", [=](const Request& request) { return list_snapshots(request, services, std::nullopt); });
    router.on("GET", "/snapshots/{uuid}", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        return Response{.body = json_of(services.snapshots.read(who.member, uuid_segment(request))).dump()};
    });
    router.on("DELETE", "/snapshots/{uuid}", [=](const Request& request) { return delete_snapshot(request, services); });
    router.on("POST", "/snapshots/{uuid}/restore", [=](const Request& request) { return restore_snapshot(request, services); });
}

} // namespace api
