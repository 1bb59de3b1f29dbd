#include "service/machine_fulfilment.h"

#include "gateway/random_uuid.h"
#include "store/machine_store.h"
#include "store/member_store.h"
#include "store/order_store.h"
#include "store/placement_store.h"
#include "store/provisioning_store.h"
#include "store/snapshot_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::OrderStatus;
using domain::ProvisionDriver;
using domain::ProvisionStep;
using domain::StepState;
using domain::WantedState;
using gateway::ProvisionAnswer;
using gateway::ProvisionState;
using gateway::ProvisionVerb;
using gateway::StorageAnswer;

constexpr std::chrono::milliseconds pause_for_turn{1000}, while_unconfigured{60'000};
constexpr std::chrono::seconds margin{5}; // between the end of a call and the next one's beginning elsewhere
const std::string actor{"worker"};

ProvisionVerb verb_of(ProvisionStep step)
{
    switch (step) {
    case ProvisionStep::create: return ProvisionVerb::create;
    case ProvisionStep::resize: return ProvisionVerb::resize;
    case ProvisionStep::suspend: return ProvisionVerb::suspend;
    case ProvisionStep::resume: return ProvisionVerb::resume;
    case ProvisionStep::terminate: return ProvisionVerb::terminate;
    case ProvisionStep::image:
    case ProvisionStep::grow:
    case ProvisionStep::image_removal: break;
    }
    throw std::logic_error{"no step of a program"};
}

/// Gives a machine its image, if it has none yet.
void place(store::Session& session, const domain::Machine& machine)
{
    store::PlacementStore placement{session};
    if (!placement.images_of(machine.uuid).empty()) return;
    const auto pool = placement.pool_for_new();
    if (pool) placement.add_image(machine.uuid, 0, pool->id, machine.uuid.text(), machine.parameters.os_disk_gb.value_or(0));
}

/// What storage's answer means to the step.
JobReport report_of(ProvisionStep step, StorageAnswer answer)
{
    const bool removal = step == ProvisionStep::image_removal;
    if (answer == StorageAnswer::done) return {};
    if (answer == StorageAnswer::exists && !removal) return {};
    if (answer == StorageAnswer::not_found && removal) return {};
    if (answer == StorageAnswer::busy && removal) return {JobOutcome::postponed, "vm_has_snapshots"};
    return {JobOutcome::again, storage_error(answer)};
}

const std::string outcome_unknown{"provisioner_outcome_unknown"};

/// What the program's answer means to the step.
JobReport report_of(ProvisionStep step, ProvisionAnswer answer)
{
    switch (answer) {
    case ProvisionAnswer::done:
    case ProvisionAnswer::exists: return {};
    case ProvisionAnswer::not_found:
        return step == ProvisionStep::terminate ? JobReport{} : JobReport{JobOutcome::dead, "provisioner_not_found"};
    case ProvisionAnswer::busy: return {JobOutcome::again, "provisioner_busy"};
    case ProvisionAnswer::denied: return {JobOutcome::dead, "provisioner_denied"};
    case ProvisionAnswer::unavailable: return {JobOutcome::again, "provisioner_unavailable"};
    case ProvisionAnswer::unknown: return {JobOutcome::again, outcome_unknown};
    }
    throw std::logic_error{"no such answer of a provisioner"};
}

/// True if what is there is what the step was for. How large a machine is, a state does not say.
bool is_reached(ProvisionStep step, ProvisionState state)
{
    switch (step) {
    case ProvisionStep::create: return state != ProvisionState::gone && state != ProvisionState::busy;
    case ProvisionStep::suspend: return state == ProvisionState::suspended;
    case ProvisionStep::resume: return state == ProvisionState::running;
    case ProvisionStep::terminate: return state == ProvisionState::gone;
    case ProvisionStep::resize:
    case ProvisionStep::image:
    case ProvisionStep::grow:
    case ProvisionStep::image_removal: return false;
    }
    throw std::logic_error{"no such step"};
}

/// True if the step was asked for before and nobody knows what became of it, as when a worker was killed meanwhile.
bool is_open(ProvisionStep step, const domain::Machine& machine, const std::vector<domain::StepRecord>& steps)
{
    return std::ranges::any_of(steps, [&](const domain::StepRecord& record) {
        return record.step == step && record.occasion == domain::occasion_of(step, machine)
            && (record.state == StepState::begun || record.error == outcome_unknown);
    });
}

} // namespace

JobReport MachineFulfilment::adjust(const domain::Uuid& uuid, bool last_try)
{
    for (;;) {
        const auto begun = begin(uuid);
        if (!begun.step) return begun.report;
        if (const auto report = end(begun, take(begun), last_try)) return *report;
    }
}

JobReport MachineFulfilment::create(const domain::Uuid& uuid, bool last_try)
{
    const auto report = adjust(uuid, last_try);
    if (report.outcome != JobOutcome::done) return report;
    const auto machine = database_.read([&](store::Session& session) { return store::MachineStore{session}.by_uuid(uuid); });
    if (!machine || machine->wanted != WantedState::gone || !machine->has_image) return report;
    return report_of(ProvisionStep::image_removal, remove_images(uuid)); // a try may have made it after its removal
}

/// Decides what is next. Order before machine, as everywhere.
MachineFulfilment::Begun MachineFulfilment::begin(const domain::Uuid& uuid)
{
    return database_.transact([&](store::Session& session) -> Begun {
        store::MachineStore machines{session};
        const auto known = machines.by_uuid(uuid);
        if (!known) return {};
        store::OrderStore{session}.lock(known->order_uuid);
        auto machine = machines.lock(uuid).value();
        store::ProvisioningStore provisioning{session};
        if (!machine.driver) {
            const auto* entry = provisioners_.of(machine.sku);
            machine.driver = entry ? ProvisionDriver::exec : ProvisionDriver::storage;
            machine.has_image = !entry || entry->has_image;
            provisioning.choose_driver(uuid, *machine.driver, machine.has_image);
        }
        const auto steps = provisioning.steps_of(uuid);
        if (const auto step = domain::next_step(machine, steps)) return begin_step(session, machine, *step, is_open(*step, machine, steps));
        if (domain::is_unsettled(machine)) settle(session, machine);
        return {};
    });
}

/// A call to a program needs the machine's turn: what two of them would do at once, or in the wrong order, nobody could tell.
MachineFulfilment::Begun MachineFulfilment::begin_step(
    store::Session& session, const domain::Machine& machine, ProvisionStep step, bool is_open)
{
    Begun begun{.report = {}, .step = step, .is_open = is_open, .machine = machine, .turn = gateway::random_uuid()};
    store::ProvisioningStore provisioning{session};
    if (domain::is_programs(step)) {
        if (store::SnapshotStore{session}.is_being_restored(machine.uuid)) // it stays off until that is done
            return {.report = {JobOutcome::postponed, "vm_busy", pause_for_turn}};
        const auto host = store::PlacementStore{session}.host_of(machine.uuid);
        begun.host = host ? host->name : "";
        begun.username = store::MemberStore{session}.read(machine.member).value().uid;
        const auto* entry = provisioners_.of(machine.sku);
        if (!entry) return {.report = {JobOutcome::postponed, "provisioner_not_configured", while_unconfigured}};
        const auto calls = is_open ? 2 : 1; // its status is asked for first
        if (!provisioning.take_turn(machine.uuid, begun.turn, calls * entry->provisioner->longest_call() + margin))
            return {.report = {JobOutcome::postponed, "vm_busy", pause_for_turn}};
    }
    if (step == ProvisionStep::image) place(session, machine);
    provisioning.begin_step(machine.uuid, step, domain::occasion_of(step, machine), clock_.now());
    return begun;
}

/// Nothing is left to be done outside.
void MachineFulfilment::settle(store::Session& session, const domain::Machine& machine)
{
    store::OrderStore orders{session};
    store::ProvisioningStore{session}.settle(machine, clock_.now());
    const auto order = orders.lock(machine.order_uuid);
    if (order && order->status == OrderStatus::provisioning && machine.wanted != WantedState::gone)
        orders.change_status(*order, OrderStatus::active, actor, "the machine is ready", clock_.now());
}

MachineFulfilment::StepAnswer MachineFulfilment::take(const Begun& begun)
{
    return domain::is_programs(*begun.step) ? ask_program(begun) : ask_storage(begun);
}

MachineFulfilment::StepAnswer MachineFulfilment::ask_storage(const Begun& begun)
{
    const auto answer = *begun.step == ProvisionStep::image ? create_images(begun.machine)
        : *begun.step == ProvisionStep::grow                ? grow_image(begun.machine)
                                                            : remove_images(begun.machine.uuid);
    return {.report = report_of(*begun.step, answer)};
}

StorageAnswer MachineFulfilment::create_images(const domain::Machine& machine)
{
    const auto images = images_of(database_, storages_, machine.uuid);
    if (images.empty()) return StorageAnswer::unavailable; // no pool takes new ones
    for (const auto& [placed, image, storage] : images) {
        const auto answer = storage->create_image(image, placed.size_gib);
        if (answer != StorageAnswer::done && answer != StorageAnswer::exists) return answer;
    }
    return StorageAnswer::done;
}

/// The first image, which the order sizes.
StorageAnswer MachineFulfilment::grow_image(const domain::Machine& machine)
{
    const int size_gib = machine.parameters.os_disk_gb.value_or(0);
    for (const auto& [placed, image, storage] : images_of(database_, storages_, machine.uuid)) {
        if (placed.ordinal != 0) continue;
        const auto answer = storage->grow_image(image, size_gib);
        if (answer != StorageAnswer::done && answer != StorageAnswer::exists) return answer;
        database_.transact(
            [&, number = placed.id](store::Session& session) { store::PlacementStore{session}.note_size(number, size_gib); });
    }
    return StorageAnswer::done;
}

StorageAnswer MachineFulfilment::remove_images(const domain::Uuid& machine)
{
    for (const auto& [placed, image, storage] : images_of(database_, storages_, machine)) {
        const auto answer = storage->remove_image(image);
        if (answer != StorageAnswer::done && answer != StorageAnswer::not_found) return answer;
    }
    return StorageAnswer::done;
}

MachineFulfilment::StepAnswer MachineFulfilment::ask_program(const Begun& begun)
{
    const auto& machine = begun.machine;
    std::vector<gateway::ProvisionImage> images;
    for (const auto& [placed, image, storage] : images_of(database_, storages_, machine.uuid))
        images.push_back({placed.cluster.name, placed.pool.name, placed.pool.pool_namespace, placed.name, placed.size_gib});
    auto& program = *provisioners_.of(machine.sku)->provisioner;
    const gateway::ProvisionRequest request{.verb = verb_of(*begun.step),
        .machine = machine.uuid,
        .order = machine.order_uuid,
        .generation = machine.generation,
        .product = machine.sku,
        .member = begun.username,
        .parameters = machine.parameters,
        .images = std::move(images),
        .host = begun.host};
    if (begun.is_open)
        if (const auto known = ask_status(program, request, *begun.step)) return *known;
    return answer_of(program.carry_out(request), *begun.step);
}

/// What is known by now of a step whose outcome was not. nullopt: it is to be asked for again.
std::optional<MachineFulfilment::StepAnswer> MachineFulfilment::ask_status(
    gateway::Provisioner& program, const gateway::ProvisionRequest& request, ProvisionStep step)
{
    const auto [told, state] = program.status(request);
    if (told.answer == ProvisionAnswer::denied) return std::nullopt; // a program that tells no status: the verb itself finds out
    if (told.answer != ProvisionAnswer::done || state == ProvisionState::busy)
        return StepAnswer{.report = {JobOutcome::again, outcome_unknown}, .message = told.message};
    if (is_reached(step, state)) return answer_of(told, step);
    return std::nullopt;
}

MachineFulfilment::StepAnswer MachineFulfilment::answer_of(const gateway::ProvisionReport& told, ProvisionStep step)
{
    return {.report = report_of(step, told.answer), .address = told.address, .name = told.name, .message = told.message};
}

/// Writes down what was said. nullopt: the step is done, and the next one is to be looked for.
std::optional<JobReport> MachineFulfilment::end(const Begun& begun, const StepAnswer& answer, bool last_try)
{
    const auto& uuid = begun.machine.uuid;
    return database_.transact([&](store::Session& session) -> std::optional<JobReport> {
        store::OrderStore{session}.lock(begun.machine.order_uuid);
        const auto machine = store::MachineStore{session}.lock(uuid).value();
        store::ProvisioningStore provisioning{session};
        if (domain::is_programs(*begun.step)) {
            // An answer that comes after its turn tells of a time in which others may have been at work.
            if (!provisioning.return_turn(uuid, begun.turn)) return JobReport{JobOutcome::again, "provisioner_too_late"};
            provisioning.keep(uuid, {answer.address, answer.name, answer.message});
        }
        const auto outcome = answer.report.outcome;
        const bool failed = outcome == JobOutcome::dead || (outcome == JobOutcome::again && last_try);
        const auto state = outcome == JobOutcome::done ? StepState::done : failed ? StepState::failed : StepState::waiting;
        provisioning.end_step(
            uuid, *begun.step, domain::occasion_of(*begun.step, begun.machine), state, answer.report.error, answer.message, clock_.now());
        if (failed) give_up(session, begun, answer);
        if (failed) return JobReport{JobOutcome::dead, answer.report.error};
        if (outcome != JobOutcome::done) return answer.report;
        return std::nullopt;
    });
}

void MachineFulfilment::give_up(store::Session& session, const Begun& begun, const StepAnswer& answer)
{
    const auto& machine = begun.machine;
    if (machine.wanted == WantedState::gone || (*begun.step != ProvisionStep::image && *begun.step != ProvisionStep::create)) return;
    store::ProvisioningStore{session}.fail(machine.uuid, answer.report.error, clock_.now());
    store::OrderStore orders{session};
    const auto order = orders.lock(machine.order_uuid);
    if (!order || order->status != OrderStatus::provisioning) return;
    orders.note(*order, actor, "could not be made: " + answer.report.error + "; we look into it", clock_.now());
}

} // namespace service
