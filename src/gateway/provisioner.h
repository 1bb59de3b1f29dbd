#pragma once
#include "domain/product.h"
#include "domain/uuid.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What a provisioner said. `unknown`: it may have happened or may still happen; status() finds out, or the same verb under the same uuid.
enum class ProvisionAnswer { done, exists, not_found, busy, denied, unavailable, unknown };

std::string_view to_text(ProvisionAnswer answer);

enum class ProvisionVerb { create, resize, suspend, resume, terminate };

std::string_view to_text(ProvisionVerb verb);

/// The image that storage keeps for a machine, as the program that runs the machine finds it.
struct ProvisionImage {
    std::string cluster{};
    std::string pool{};
    std::string name_space{}; ///< of the pool; often empty
    std::string name{};
    int size_gib{0};
};

/// What is to be made so. Everything a program may need stands in every request, whatever the verb.
struct ProvisionRequest {
    ProvisionVerb verb{};
    domain::Uuid machine{}; ///< the name of the thing: the same for every try and every verb
    domain::Uuid order{};
    int generation{0}; ///< counts what was wanted of the machine: one that is lower than one seen before comes too late
    std::string product{};
    std::string member{}; ///< username
    domain::Parameters parameters{};
    std::vector<ProvisionImage> images{};
    std::string host{}; ///< where the machine runs, if we know
};

/// The answer, and what the program told beside it; empty where it told nothing.
struct ProvisionReport {
    ProvisionAnswer answer{ProvisionAnswer::unknown};
    std::string address{}; ///< under which the member reaches what was made
    std::string name{};    ///< of the thing, for people
    std::string message{}; ///< for the member, who reads it in the order
};

enum class ProvisionPower { running, suspended };

/// What is there of one thing. `busy`: something about it is still at work.
enum class ProvisionState { gone, busy, running, suspended };

/// Without an answer of `done`, nobody knows what is there; `denied`: the provisioner cannot be asked so.
struct ProvisionStatus {
    ProvisionReport report{};
    ProvisionState state{ProvisionState::busy};
};

/// A thing that a provisioner has.
struct ProvisionedMachine {
    domain::Uuid machine{};
    ProvisionPower power{};
    std::string host{}; ///< empty: not told
};

struct ProvisionListing {
    ProvisionAnswer answer{ProvisionAnswer::unknown};
    std::vector<ProvisionedMachine> machines{};
};

/// Makes machines and what runs on them. Every verb may be repeated: it is "make it so". Calls block up to their deadline and
/// never throw for what the other side does.
class Provisioner {
public:
    virtual ~Provisioner() = default;

    virtual ProvisionReport carry_out(const ProvisionRequest& request) = 0;

    /// What is there of the request's machine: asked for once nobody knows what became of its verb. Changes nothing.
    virtual ProvisionStatus status(const ProvisionRequest& request) = 0;

    /// All it has; without an answer of `done` the listing tells nothing.
    virtual ProvisionListing list() = 0;

    /// How long a call may still be at work after whoever made it is gone: no other call about the machine begins meanwhile.
    virtual std::chrono::seconds longest_call() const = 0;
};

struct ExecProvisionerSettings {
    std::string program{};
    std::chrono::seconds deadline{120};
};

/// An operator's program, by the contract of tools/packaging/provision-example.md.
std::unique_ptr<Provisioner> make_exec_provisioner(const ExecProvisionerSettings& settings);

} // namespace gateway
