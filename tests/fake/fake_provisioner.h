#pragma once
#include "gateway/provisioner.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fake {

/// Machines in memory. Each verb does what the contract says, until an answer is set for its next call. Safe for many threads, and
/// counts the calls about one machine that were at work at once.
class FakeProvisioner final : public gateway::Provisioner {
public:
    using Answer = gateway::ProvisionAnswer;
    using Power = gateway::ProvisionPower;
    using Verb = gateway::ProvisionVerb;

    struct Made {
        Power power{};
        int generation{0};
        domain::Parameters parameters{};
    };

    /// The verb's next call gets this answer; several are taken one after the other. `happens`: it is done nevertheless.
    void answer_next(Verb verb, gateway::ProvisionReport report, bool happens = false)
    {
        const std::lock_guard lock{mutex_};
        planned_[verb].push_back({std::move(report), happens});
    }

    /// Runs once, while the verb's next call is at work.
    void meanwhile(Verb verb, std::function<void()> work) { meanwhile_[verb] = std::move(work); }

    int calls(Verb verb) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = calls_.find(verb);
        return found == calls_.end() ? 0 : found->second;
    }
    int most_at_once() const
    {
        const std::lock_guard lock{mutex_};
        return most_at_once_;
    }
    std::optional<Made> machine(const domain::Uuid& uuid) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = made_.find(uuid.text());
        return found == made_.end() ? std::nullopt : std::optional{found->second};
    }
    std::size_t machines() const
    {
        const std::lock_guard lock{mutex_};
        return made_.size();
    }
    void forget(const domain::Uuid& uuid)
    {
        const std::lock_guard lock{mutex_};
        made_.erase(uuid.text());
    }
    void put(const domain::Uuid& uuid, Power power)
    {
        const std::lock_guard lock{mutex_};
        made_[uuid.text()] = {.power = power};
    }
    gateway::ProvisionRequest last_request() const
    {
        const std::lock_guard lock{mutex_};
        return last_;
    }

    gateway::ProvisionReport carry_out(const gateway::ProvisionRequest& request) override
    {
        {
            const std::lock_guard lock{mutex_};
            most_at_once_ = std::max(most_at_once_, ++at_work_[request.machine.text()]);
            ++calls_[request.verb];
            last_ = request;
        }
        if (const auto work = std::exchange(meanwhile_[request.verb], {})) work();
        const std::lock_guard lock{mutex_};
        --at_work_[request.machine.text()];
        auto& plans = planned_[request.verb];
        if (plans.empty()) return act(request);
        const auto [report, happens] = plans.front();
        plans.pop_front();
        if (happens) act(request);
        return report;
    }

    /// What is there, or the answer that is set.
    gateway::ProvisionStatus status(const gateway::ProvisionRequest& request) override
    {
        const std::lock_guard lock{mutex_};
        ++statuses_;
        if (status_answer != Answer::done) return {.report = {.answer = status_answer}};
        const auto found = made_.find(request.machine.text());
        if (found == made_.end()) return {.report = told(request, Answer::done), .state = gateway::ProvisionState::gone};
        return {.report = told(request, Answer::done), .state = state_of(found->second.power)};
    }
    int statuses() const
    {
        const std::lock_guard lock{mutex_};
        return statuses_;
    }
    Answer status_answer{Answer::done};

    gateway::ProvisionListing list() override
    {
        const std::lock_guard lock{mutex_};
        gateway::ProvisionListing listing{.answer = list_answer, .machines = {}};
        for (const auto& [uuid, made] : made_) listing.machines.push_back({*domain::Uuid::parse(uuid), made.power, "host-1"});
        return listing;
    }

    std::chrono::seconds longest_call() const override { return std::chrono::seconds{60}; }

    Answer list_answer{Answer::done};

private:
    struct Plan {
        gateway::ProvisionReport report{};
        bool happens{false};
    };

    static gateway::ProvisionReport told(const gateway::ProvisionRequest& request, Answer answer)
    {
        return {.answer = answer, .address = "2001:db8::1", .name = "vm-" + request.machine.text().substr(0, 8)};
    }
    static Power power_of(Verb verb) { return verb == Verb::suspend ? Power::suspended : Power::running; }
    static gateway::ProvisionState state_of(Power power)
    {
        switch (power) {
        case Power::running: return gateway::ProvisionState::running;
        case Power::suspended: return gateway::ProvisionState::suspended;
        }
        return gateway::ProvisionState::busy;
    }

    gateway::ProvisionReport act(const gateway::ProvisionRequest& request)
    {
        const auto uuid = request.machine.text();
        const auto found = made_.find(uuid);
        const bool is_there = found != made_.end();
        switch (request.verb) {
        case Verb::create:
            if (!is_there) made_[uuid] = {Power::running, request.generation, request.parameters};
            return told(request, is_there ? Answer::exists : Answer::done);
        case Verb::terminate: made_.erase(uuid); return {.answer = is_there ? Answer::done : Answer::not_found};
        case Verb::suspend:
        case Verb::resume:
        case Verb::resize: break;
        }
        if (!is_there) return {.answer = Answer::not_found};
        if (request.verb == Verb::resize) found->second.parameters = request.parameters;
        else found->second.power = power_of(request.verb);
        found->second.generation = request.generation;
        return {.answer = Answer::done};
    }

    mutable std::mutex mutex_;
    std::map<std::string, Made> made_;
    std::map<std::string, int> at_work_;
    int most_at_once_{0};
    std::map<Verb, std::deque<Plan>> planned_;
    std::map<Verb, int> calls_;
    int statuses_{0};
    std::map<Verb, std::function<void()>> meanwhile_;
    gateway::ProvisionRequest last_;
};

} // namespace fake
