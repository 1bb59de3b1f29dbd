#pragma once
#include "fake/killed.h"
#include "gateway/wireguard.h"

#include <deque>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fake {

/// A WireGuard server in memory: a prefix has one peer, whoever got it last. Safe for many threads.
class FakeWireguard final : public gateway::Wireguard {
public:
    using Answer = gateway::WireguardAnswer;
    enum class Effect { none, happens };

    /// The next change gets this answer; several are taken one after the other.
    void answer_next(Answer answer, Effect effect = Effect::none) { planned_.push_back({answer, effect}); }

    /// With 2n - 1 the n-th call from now on dies before it does anything, with 2n after it has, its answer unread; 0: none does.
    void die_at(int step) { step_ = step; }

    /// Runs once, at the end of the next change: what happens meanwhile.
    void meanwhile(std::function<void()> work) { meanwhile_ = std::move(work); }

    /// "PREFIX", "" or "PREFIX PREFIX": the peer's allowed IPs; "no peer".
    std::string allowed_ips(const std::string& key) const
    {
        const auto found = peers_.find(key);
        if (found == peers_.end()) return "no peer";
        std::string text;
        for (const auto& prefix : found->second) text += (text.empty() ? "" : " ") + prefix;
        return text;
    }
    std::size_t size() const { return peers_.size(); }
    void put(const std::string& key, std::vector<std::string> prefixes) { set({key, std::move(prefixes)}); }
    void forget() { peers_.clear(); }
    int changes() const { return changes_; }

    gateway::PeerListing list() override
    {
        const std::lock_guard lock{mutex_};
        may_die();
        gateway::PeerListing listing{Answer::done, {}};
        for (const auto& [key, prefixes] : peers_) listing.peers.push_back({key, prefixes});
        may_die();
        return listing;
    }
    gateway::ServerKey server_key() override { return {Answer::done, own_key}; }

    std::string own_key{}; ///< what server_key() tells

private:
    struct Plan {
        Answer answer{};
        Effect effect{};
    };

    gateway::Descriptor lock_file() override { return gateway::Descriptor{::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)}; }

    Answer change(const domain::PeerChange& change, const gateway::Descriptor&) override
    {
        Answer answer = Answer::done;
        {
            const std::lock_guard lock{mutex_};
            may_die();
            ++changes_;
            auto effect = Effect::happens;
            if (!planned_.empty()) {
                answer = planned_.front().answer;
                effect = planned_.front().effect;
                planned_.pop_front();
            }
            if (effect == Effect::happens) {
                for (const auto& gone : change.removed) peers_.erase(gone);
                for (const auto& peer : change.set) set(peer);
            }
            may_die();
        }
        if (const auto others = std::exchange(meanwhile_, {})) others();
        return answer;
    }

    void set(const domain::ServerPeer& peer)
    {
        for (auto& [other, prefixes] : peers_)
            for (const auto& taken : peer.allowed_ips) std::erase(prefixes, taken);
        peers_[peer.key] = peer.allowed_ips;
    }
    void may_die()
    {
        if (step_ > 0 && --step_ == 0) throw Killed{};
    }

    mutable std::mutex mutex_;
    std::map<std::string, std::vector<std::string>> peers_;
    std::deque<Plan> planned_;
    std::function<void()> meanwhile_;
    int step_{0}, changes_{0};
};

} // namespace fake
