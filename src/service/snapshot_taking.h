#pragma once
#include "domain/order.h"
#include "domain/snapshot_taking.h"
#include "gateway/clock.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "service/frozen_window.h"
#include "service/job_report.h"
#include "service/machine_guest.h"
#include "service/machine_images.h"
#include "service/snapshot_recovery.h"
#include "store/database.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace service {

/// The way of a snapshot from requested to ready or failed. Every arrow is committed before what follows it outside is asked for;
/// storage and guest are called outside any transaction, and after a call whose outcome nobody saw storage is asked what is there.
class SnapshotTaking {
public:
    SnapshotTaking(
        store::Database& database, gateway::StorageSet& storages, gateway::GuestSet& guests, gateway::Clock& clock, SnapshotTimes times)
        : database_{database}, storages_{storages}, guests_{guests}, clock_{clock}, times_{times}, recovery_{database, guests, times}
    {
    }

    /// One try, or one look at what became of an earlier one.
    JobReport create(const domain::Uuid& snapshot, bool last_try);

private:
    /// A try under way.
    struct Taking {
        domain::Snapshot snapshot{};
        bool last_try{false};
        std::vector<MachineImage> images{};
        MachineGuest guest{};
        domain::TakingEvidence evidence{};
        std::size_t asked{0};  ///< of how many images, the first ones, storage was asked for a snapshot
        bool found_one{false}; ///< a snapshot was there before it was asked for
    };

    // snapshot_taking.cpp: the steps of a try
    static JobReport taken_over();
    bool extend_lease(const Taking& taking, std::chrono::milliseconds lease);
    JobReport take(const domain::Snapshot& snapshot, bool last_try);
    gateway::StorageAnswer measure(Taking& taking);
    bool begin(Taking& taking);
    JobReport hold_still_and_make(Taking& taking);
    JobReport ask_once_more(Taking& taking);
    bool freeze(Taking& taking, FrozenWindow& window);
    bool begin_creating(Taking& taking, bool in_window);
    gateway::StorageAnswer make_all(Taking& taking, FrozenWindow* window);
    bool let_go(Taking& taking, FrozenWindow& window, gateway::StorageAnswer made);
    JobReport settle(Taking& taking, gateway::StorageAnswer answer);

    // snapshot_verdict.cpp: what is there, and what follows from it
    JobReport look(const domain::Snapshot& snapshot);
    JobReport verify(Taking& taking);
    JobReport make_ready(const Taking& taking, domain::Consistency consistency);
    JobReport look_later(const Taking& taking, const std::string& why, int looks);
    JobReport take_again(Taking& taking, const std::string& why, std::optional<std::chrono::seconds> pause = {});
    JobReport try_later(Taking& taking, const std::string& why);
    JobReport fail(Taking& taking, const std::string& why);
    bool remove_made(const Taking& taking);
    static void remove_from_images(const Taking& taking);
    void fit_order(store::Session& session, domain::Order order, int size_gib);
    void follow_machine(store::Session& session, const domain::Snapshot& snapshot);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::GuestSet& guests_;
    gateway::Clock& clock_;
    SnapshotTimes times_;
    SnapshotRecovery recovery_;
};

} // namespace service
