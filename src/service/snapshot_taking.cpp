#include "service/snapshot_taking.h"

#include "logging/log.h"
#include "store/snapshot_image_store.h"
#include "store/snapshot_store.h"

namespace service {
namespace {

using domain::SnapshotState;
using gateway::FreezeAnswer;
using gateway::GuestPower;
using gateway::StorageAnswer;
using std::chrono::seconds;

constexpr std::int64_t gib = std::int64_t{1} << 30;

const std::string not_consistent{"not_consistent"};
const std::string guest_not_frozen{"guest_not_frozen"};
constexpr seconds pause_for_agent{10}; // one that is being started again

bool is_there(StorageAnswer answer) { return answer == StorageAnswer::done || answer == StorageAnswer::exists; }

} // namespace

JobReport SnapshotTaking::create(const domain::Uuid& uuid, bool last_try)
{
    for (;;) {
        const auto snapshot = database_.read([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(uuid); });
        if (!snapshot) return {};
        switch (snapshot->state) {
        case SnapshotState::requested: return take(*snapshot, last_try);
        case SnapshotState::unknown: return look(*snapshot);
        case SnapshotState::freezing:
        case SnapshotState::creating: // by somebody else, or somebody who was killed
            if (!recovery_.take_over(uuid)) return taken_over();
            continue;
        case SnapshotState::ready:
        case SnapshotState::restoring:
        case SnapshotState::deleting:
        case SnapshotState::deleted:
        case SnapshotState::failed:
        case SnapshotState::lost: return {};
        }
    }
}

/// The job is not done, and whoever has the snapshot may have it under our name.
JobReport SnapshotTaking::taken_over() { return {JobOutcome::postponed, "snapshot_at_work", std::chrono::seconds{1}}; }

bool SnapshotTaking::extend_lease(const Taking& taking, std::chrono::milliseconds lease)
{
    return database_.transact([&](store::Session& session) { return store::SnapshotStore{session}.extend_lease(taking.snapshot, lease); });
}

/// Storage is asked for the images' sizes first: while it is away no guest is frozen in vain.
JobReport SnapshotTaking::take(const domain::Snapshot& snapshot, bool last_try)
{
    Taking taking{.snapshot = snapshot,
        .last_try = last_try,
        .images = images_of(database_, storages_, snapshot.vm),
        .guest = guest_of(database_, guests_, snapshot.vm)};
    if (const auto answer = measure(taking); answer != StorageAnswer::done) return settle(taking, answer);
    if (!begin(taking)) return {JobOutcome::postponed, "vm_busy"};
    return hold_still_and_make(taking);
}

StorageAnswer SnapshotTaking::measure(Taking& taking)
{
    if (taking.images.empty()) return StorageAnswer::not_found;
    for (auto& [placed, image, storage] : taking.images) {
        const auto size = storage->image_size(image);
        if (size.answer == StorageAnswer::unknown) return StorageAnswer::unavailable; // a question changes nothing
        if (size.answer != StorageAnswer::done) return size.answer;
        placed.size_gib = static_cast<int>((size.bytes + gib - 1) / gib);
    }
    return StorageAnswer::done;
}

bool SnapshotTaking::begin(Taking& taking)
{
    auto& snapshot = taking.snapshot;
    const bool ours = database_.transact([&](store::Session& session) {
        if (!store::SnapshotStore{session}.begin_taking(snapshot, times_.lease)) return false;
        std::vector<domain::PlacedImage> images;
        for (const auto& image : taking.images) images.push_back(image.placed);
        store::SnapshotImageStore{session}.keep(snapshot.uuid, images);
        return true;
    });
    if (!ours) return false;
    snapshot.state = SnapshotState::freezing;
    ++snapshot.attempts;
    return true;
}

JobReport SnapshotTaking::hold_still_and_make(Taking& taking)
{
    const auto power = taking.guest.power();
    taking.evidence.was_off = power == GuestPower::off;
    note_power(taking.images, power);
    const bool can_freeze = power == GuestPower::on && taking.guest.may_freeze;
    if (!can_freeze) {
        if (taking.snapshot.require_fs && !taking.evidence.was_off) return take_again(taking, not_consistent);
        if (!begin_creating(taking, false)) return taken_over();
        return settle(taking, make_all(taking, nullptr));
    }

    const bool holds =
        database_.transact([&](store::Session& session) { return store::SnapshotStore{session}.hold_guest(taking.snapshot); });
    if (!holds) return taken_over();
    FrozenWindow window{*taking.guest.guest, taking.snapshot.vm, times_.window};
    if (!freeze(taking, window)) { // it may be frozen all the same, or its hooks may have run
        const bool is_let_go = let_go(taking, window, StorageAnswer::unknown);
        if (taking.snapshot.require_fs) return ask_once_more(taking);
        if (!begin_creating(taking, false)) return taken_over();
        const auto made = make_all(taking, nullptr);
        if (!is_let_go) let_go(taking, window, made);
        return settle(taking, made);
    }
    const bool ours = begin_creating(taking, true);
    const auto made = ours ? make_all(taking, &window) : StorageAnswer::unknown;
    let_go(taking, window, made);
    return ours ? settle(taking, made) : taken_over();
}

/// Once, not as often as storage: a guest that is asked in vain, and its member, may be held up for half a minute each time.
JobReport SnapshotTaking::ask_once_more(Taking& taking)
{
    const bool was_in_vain_before = taking.snapshot.error == guest_not_frozen; // of the last try, as it was read
    return was_in_vain_before ? fail(taking, guest_not_frozen) : take_again(taking, guest_not_frozen, pause_for_agent);
}

bool SnapshotTaking::freeze(Taking& taking, FrozenWindow& window)
{
    taking.evidence.froze = window.freeze() == FreezeAnswer::frozen;
    return taking.evidence.froze;
}

bool SnapshotTaking::begin_creating(Taking& taking, bool in_window)
{
    auto& snapshot = taking.snapshot;
    const auto frozen_at = in_window ? std::optional{clock_.now()} : std::nullopt;
    const auto lease = in_window ? times_.lease : times_.creating * static_cast<int>(taking.images.size());
    const bool ours = database_.transact(
        [&](store::Session& session) { return store::SnapshotStore{session}.begin_creating(snapshot, frozen_at, lease); });
    snapshot.state = SnapshotState::creating;
    snapshot.frozen_at = frozen_at;
    return ours;
}

/// Each image has what is left of the window as its limit. When that is over the others are taken all the same, unless they must be
/// of the same moment.
StorageAnswer SnapshotTaking::make_all(Taking& taking, FrozenWindow* window)
{
    for (const auto& [placed, image, storage] : taking.images) {
        const auto left = window ? std::chrono::floor<seconds>(window->left()) : seconds{0};
        const bool is_over = window && left < seconds{1};
        if (is_over) {
            window->close();
            taking.evidence.made_in_window = false;
            if (taking.snapshot.require_fs) return StorageAnswer::done; // with what is missing it is taken again
            if (!extend_lease(taking, times_.creating)) return StorageAnswer::unknown;
        }
        ++taking.asked;
        const auto answer = window && !is_over ? storage->create_snapshot(image, taking.snapshot.uuid.text(), left)
                                               : storage->create_snapshot(image, taking.snapshot.uuid.text());
        if (!is_there(answer)) return answer;
        taking.found_one = taking.found_one || answer == StorageAnswer::exists; // the name is our uuid: it is ours, of an earlier try
        taking.evidence.made_in_window = !taking.found_one && !is_over && (taking.asked == 1 || taking.evidence.made_in_window);
    }
    return StorageAnswer::done;
}

/// Returns false if the guest did not answer. What it says to the thaw is the proof that it was frozen all the while (a Windows guest may
/// have thawed by itself); it never changes that there is a snapshot (OpenNebula 5927).
bool SnapshotTaking::let_go(Taking& taking, FrozenWindow& window, StorageAnswer made)
{
    auto& evidence = taking.evidence;
    const auto thaw = window.close();
    if (window.was_cut_off()) evidence.made_in_window = false;
    evidence.thawed_by_us = thaw.answered && thaw.file_systems > 0;
    const bool proven = made == StorageAnswer::done && domain::consistency_of(evidence) == domain::Consistency::fs;
    const auto uuid = taking.snapshot.uuid.text();
    const auto vm = taking.snapshot.vm.text();
    if (!thaw.answered) logging::event("error", "guest_not_thawed", {{"snapshot", uuid}, {"vm", vm}});
    else if (evidence.froze && thaw.file_systems == 0) logging::event("error", "guest_was_not_frozen", {{"snapshot", uuid}, {"vm", vm}});
    if (!thaw.answered) return false; // it stays written down that it may be frozen: the thaw is repeated
    const auto proof = proven ? std::optional{clock_.now()} : std::nullopt;
    database_.transact([&](store::Session& session) { store::SnapshotStore{session}.let_go_of_guest(taking.snapshot, proof); });
    taking.snapshot.thawed_at = proof;
    return true;
}

JobReport SnapshotTaking::settle(Taking& taking, StorageAnswer answer)
{
    const auto error = storage_error(answer);
    switch (answer) {
    case StorageAnswer::done:
    case StorageAnswer::exists:
        taking.evidence.is_off = taking.evidence.was_off && taking.guest.power() == GuestPower::off;
        return verify(taking);
    case StorageAnswer::not_found:
    case StorageAnswer::denied: return fail(taking, error);
    case StorageAnswer::busy:
    case StorageAnswer::unavailable: return taking.last_try ? fail(taking, error) : try_later(taking, error);
    // Not tried again at once: whoever has the image's lock and hangs would hold up the next one as well (and its guest, frozen), and
    // may still do what it was asked for.
    case StorageAnswer::unknown: return look_later(taking, error, domain::looks_after_unknown);
    }
    throw std::logic_error{"no such storage answer"};
}

} // namespace service
