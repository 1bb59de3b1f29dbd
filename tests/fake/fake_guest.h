#pragma once
#include "gateway/guest.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace fake {

/// The guests of every host, in memory: frozen until they are thawed, for which they keep the longest time. Each verb behaves as the
/// real one does, until an answer is set for its next call. Safe for many threads.
class FakeGuest final : public gateway::Guest, public gateway::GuestSet {
public:
    using Clock = std::chrono::steady_clock;
    enum class Verb { power, freeze, thaw };

    struct State {
        gateway::GuestPower power{gateway::GuestPower::on};
        int file_systems{2};
        bool frozen{false};
        Clock::time_point frozen_since{};
        Clock::duration longest_frozen{};
        int freezes{0}, thaws{0};
        std::deque<gateway::Freeze> freeze_answers{}; ///< of the next calls, each with its effect as `freeze_works` says
        std::deque<gateway::Thaw> thaw_answers{};
        bool freeze_works{true};                ///< whether a planned answer to freeze nevertheless freezes
        bool mute{false};                       ///< the agent answers nothing: nothing happens
        std::function<void()> while_freezing{}; ///< runs when it is frozen, before that is answered
    };

    /// Changes how the machine's guest is.
    template <class Work> void set(const domain::Uuid& machine, const Work& work)
    {
        const std::lock_guard lock{mutex_};
        work(guests_[machine]);
    }
    void switch_to(const domain::Uuid& machine, gateway::GuestPower power)
    {
        set(machine, [&](State& state) { state.power = power; });
    }
    State state(const domain::Uuid& machine) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = guests_.find(machine);
        return found == guests_.end() ? State{} : found->second;
    }
    bool is_frozen(const domain::Uuid& machine) const { return state(machine).frozen; }

    /// The host of the last call: freezing on another one than the machine's is how guests are not frozen (OpenNebula 8011).
    std::string asked_on() const
    {
        const std::lock_guard lock{mutex_};
        return asked_on_;
    }

    /// A guest that thaws by itself, as Windows does.
    void thaw_by_itself(const domain::Uuid& machine)
    {
        set(machine, [](State& state) { thaw_now(state); });
    }

    gateway::Guest& of(const domain::Host& host) override
    {
        const std::lock_guard lock{mutex_};
        asked_on_ = host.name;
        return *this;
    }

    gateway::GuestPower power(const domain::Uuid& machine) override
    {
        const std::lock_guard lock{mutex_};
        return guests_[machine].power;
    }

    gateway::Freeze freeze(const domain::Uuid& machine) override
    {
        std::function<void()> meanwhile;
        gateway::Freeze answer;
        {
            const std::lock_guard lock{mutex_};
            auto& guest = guests_[machine];
            ++guest.freezes;
            if (guest.power == gateway::GuestPower::unknown) return {};
            if (guest.power != gateway::GuestPower::on) return {gateway::FreezeAnswer::not_possible, 0};
            if (guest.mute) return {};
            const bool is_planned = !guest.freeze_answers.empty();
            if (is_planned) {
                answer = guest.freeze_answers.front();
                guest.freeze_answers.pop_front();
            } else if (guest.frozen) answer = {gateway::FreezeAnswer::not_possible, 0}; // it refuses a second one
            else answer = {gateway::FreezeAnswer::frozen, guest.file_systems};
            const bool freezes = is_planned ? guest.freeze_works : answer.answer == gateway::FreezeAnswer::frozen;
            if (freezes && !guest.frozen) {
                guest.frozen = true;
                guest.frozen_since = Clock::now();
            }
            meanwhile = guest.while_freezing;
        }
        if (meanwhile) meanwhile();
        return answer;
    }

    gateway::Thaw thaw(const domain::Uuid& machine) override
    {
        const std::lock_guard lock{mutex_};
        auto& guest = guests_[machine];
        ++guest.thaws;
        if (guest.power == gateway::GuestPower::off) return {true, 0};
        if (guest.mute || guest.power != gateway::GuestPower::on) return {};
        const int frozen = guest.frozen ? guest.file_systems : 0;
        if (!guest.thaw_answers.empty()) {
            const auto answer = guest.thaw_answers.front();
            guest.thaw_answers.pop_front();
            if (answer.answered) thaw_now(guest);
            return answer;
        }
        thaw_now(guest);
        return {true, frozen};
    }

    gateway::FreezeStatus status(const domain::Uuid& machine) override
    {
        const std::lock_guard lock{mutex_};
        const auto& guest = guests_[machine];
        if (guest.mute) return gateway::FreezeStatus::unknown;
        return guest.frozen ? gateway::FreezeStatus::frozen : gateway::FreezeStatus::thawed;
    }

private:
    static void thaw_now(State& guest)
    {
        if (!guest.frozen) return;
        guest.frozen = false;
        guest.longest_frozen = std::max(guest.longest_frozen, Clock::now() - guest.frozen_since);
    }

    mutable std::mutex mutex_;
    std::map<domain::Uuid, State> guests_;
    std::string asked_on_;
};

} // namespace fake
