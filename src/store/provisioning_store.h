#pragma once
#include "domain/member.h"
#include "domain/provisioning.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// A machine of which something else is wanted from now on.
struct WantedChange {
    domain::Uuid machine{};
    domain::WantedState wanted{};
    int generation{0};
};

/// What the program of a machine told beside its answer.
struct ToldByProgram {
    std::string address{}, name{}, message{};
};

/// How machines become what is wanted of them: the marks on `machines`, and rows of `provisioning_steps`.
class ProvisioningStore {
public:
    explicit ProvisioningStore(Session& session) : session_{session} {}

    /// The newest 200, in the order in which they began.
    std::vector<domain::StepRecord> steps_of(const domain::Uuid& machine);

    /// Decides once for ever who makes the machine.
    void choose_driver(const domain::Uuid& machine, domain::ProvisionDriver driver, bool has_image);

    /// Writes down that a step is about to be asked for.
    void begin_step(const domain::Uuid& machine, domain::ProvisionStep step, int occasion, domain::Instant now);

    void end_step(const domain::Uuid& machine, domain::ProvisionStep step, int occasion, domain::StepState state, const std::string& error,
        const std::string& message, domain::Instant now);

    /// Takes the machine's turn for a call that is at work for `longest` at most. Returns false while another's is not over.
    bool take_turn(const domain::Uuid& machine, const domain::Uuid& turn, std::chrono::seconds longest);

    /// True while a call is at work on the machine.
    bool has_turn(const domain::Uuid& machine);

    /// Returns false if it was over, and perhaps taken by another, meanwhile.
    bool return_turn(const domain::Uuid& machine, const domain::Uuid& turn);

    /// Keeps what was told; what was not told stays, but for the message, which is always the latest.
    void keep(const domain::Uuid& machine, const ToldByProgram& told);

    /// Its making failed until an operator looks; since when is told by the first time.
    void fail(const domain::Uuid& machine, const std::string& error, domain::Instant now);

    /// Writes down that the machine, as it was read, is what was wanted of it.
    void settle(const domain::Machine& machine, domain::Instant now);

    /// The machine shall be gone, for ever. nullopt: that is known.
    std::optional<WantedChange> want_gone(const domain::Uuid& machine);

    /// The member wants the machine off, or running again; while it is suspended that is only kept for later. nullopt: that is known, or
    /// nothing is to be done now.
    std::optional<WantedChange> want_stopped(const domain::Uuid& machine, bool stopped);

    /// Whatever the machines of the members' orders shall be now, suspended as their orders are, else as their members want them: those of
    /// which that is new.
    std::vector<WantedChange> follow_orders(const std::vector<domain::MemberId>& members);

    /// The same is wanted of the machine again, as if it was never carried out. nullopt: it is gone.
    std::optional<WantedChange> want_again(const domain::Uuid& machine);

    /// A machine that is gone shall go again, as something is left of it. nullopt: its order is not over.
    std::optional<WantedChange> want_gone_again(const domain::Uuid& machine);

private:
    Session& session_;
};

} // namespace store
