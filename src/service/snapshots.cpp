#include "service/snapshots.h"

#include "domain/provisioning.h"
#include "domain/refusal.h"
#include "store/job_store.h"
#include "store/machine_store.h"

#include <stdexcept>

namespace service {
namespace {

using domain::JobKind;
using domain::Reason;
using domain::Refusal;
using domain::SnapshotState;

domain::Snapshot found(std::optional<domain::Snapshot> snapshot)
{
    if (!snapshot) throw Refusal{Reason::not_found, "you have no snapshot with this uuid"};
    return *std::move(snapshot);
}

[[noreturn]] void refuse_in_state(const domain::Snapshot& snapshot, const std::string& wish)
{
    throw Refusal{
        Reason::snapshot_state, "the snapshot is " + std::string{domain::to_text(snapshot.state)} + " and cannot be " + wish + " now"};
}

/// A machine that a program runs is off once a stop was carried out; of others it is known how they were seen last.
void require_off(store::Session& session, const domain::Machine& machine)
{
    const bool by_program = machine.driver == domain::ProvisionDriver::exec;
    if (by_program && machine.wanted != domain::WantedState::running && domain::is_unsettled(machine))
        throw Refusal{Reason::vm_running, "the VM is being stopped; ask again shortly"};
    const bool shall_run = by_program && machine.wanted == domain::WantedState::running;
    if (shall_run || store::MachineStore{session}.is_running(machine.uuid))
        throw Refusal{
            Reason::vm_running, "stop the VM first, POST /vm/" + machine.uuid.text() + "/stop; a running disk cannot be put back"};
}

} // namespace

std::vector<store::ListedSnapshot> Snapshots::page(
    domain::MemberId member, const std::optional<domain::Uuid>& machine, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) {
        if (machine && !store::MachineStore{session}.by_uuid(member, *machine))
            throw Refusal{Reason::not_found, "you have no VM with this uuid"};
        return store::SnapshotStore{session}.page(member, machine, before, limit);
    });
}

domain::Snapshot Snapshots::read(domain::MemberId member, const domain::Uuid& uuid)
{
    return found(database_.read([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(member, uuid); }));
}

domain::Snapshot Snapshots::of_order(store::Session& session, domain::OrderId order)
{
    auto snapshot = store::SnapshotStore{session}.of_order(order);
    if (!snapshot) throw std::logic_error{"a snapshot's order without its snapshot"};
    return *std::move(snapshot);
}

domain::Snapshot Snapshots::request_deletion(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    store::SnapshotStore snapshots{session};
    const auto snapshot = locked(session, member, uuid);
    if (snapshot.state == SnapshotState::deleting) return snapshot;
    if (!domain::may_become(snapshot.state, SnapshotState::deleting)) refuse_in_state(snapshot, "deleted");
    if (!snapshots.begin_deletion(snapshot, clock_.now(), clock_.today())) refuse_in_state(snapshot, "deleted");
    store::JobStore{session}.add(JobKind::snapshot_delete, uuid);
    return found(snapshots.by_uuid(member, uuid));
}

domain::Snapshot Snapshots::request_restore(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    store::SnapshotStore snapshots{session};
    const auto known = found(snapshots.by_uuid(member, uuid));
    const auto machine = store::MachineStore{session}.lock(known.vm); // it is not started meanwhile
    const auto snapshot = locked(session, member, uuid);
    if (snapshot.state == SnapshotState::restoring) return snapshot;
    if (snapshot.state != SnapshotState::ready) refuse_in_state(snapshot, "restored");
    if (machine) require_off(session, *machine);
    if (!snapshots.change_state(snapshot, SnapshotState::restoring))
        throw Refusal{Reason::snapshot_state, "another snapshot of this VM is being worked on; ask again shortly"};
    store::JobStore{session}.add(JobKind::snapshot_restore, uuid, domain::to_text(clock_.now()));
    return found(snapshots.by_uuid(member, uuid));
}

domain::Snapshot Snapshots::locked(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    return found(store::SnapshotStore{session}.lock(member, uuid));
}

} // namespace service
