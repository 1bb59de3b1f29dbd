#pragma once
#include "gateway/storage.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fake {

/// Storage in memory. Each verb behaves as the real one does, until an answer is set for its next call. Safe for many
/// threads.
class FakeStorage final : public gateway::Storage {
public:
    using Answer = gateway::StorageAnswer;

    enum class Verb { create_image, grow_image, remove_image, create_snapshot, remove_snapshot, restore_snapshot, list_snapshots, repair };

    /// Whether what was asked happens, whatever the answer says.
    enum class Effect { none, happens };

    struct Image {
        int size_gib{0};
        std::map<std::string, int> snapshots{}; ///< with the size that the image had
        std::string restored_to{};
    };

    /// The verb's next call gets this answer; several are taken one after the other.
    void answer_next(Verb verb, Answer answer, Effect effect = Effect::none)
    {
        const std::lock_guard lock{mutex_};
        planned_[verb].push_back({answer, effect});
    }

    /// Runs once, at the end of the verb's next call, before its answer is given: what others do meanwhile.
    void meanwhile(Verb verb, std::function<void()> work) { meanwhile_[verb] = std::move(work); }

    int calls(Verb verb) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = calls_.find(verb);
        return found == calls_.end() ? 0 : found->second;
    }

    bool has_image(const std::string& image) const
    {
        const std::lock_guard lock{mutex_};
        return images_.contains(image);
    }

    /// A copy; an empty one if there is no such image.
    Image image(const std::string& name) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = images_.find(name);
        return found == images_.end() ? Image{} : found->second;
    }

    Answer create_image(const std::string& image, int size_gib) override
    {
        return act(Verb::create_image,
            [&] { return images_.try_emplace(image, Image{.size_gib = size_gib}).second ? Answer::done : Answer::exists; });
    }

    Answer grow_image(const std::string& image, int size_gib) override
    {
        return on(Verb::grow_image, image, [&](Image& found) {
            found.size_gib = std::max(found.size_gib, size_gib);
            return Answer::done;
        });
    }

    Answer remove_image(const std::string& image) override
    {
        return on(Verb::remove_image, image, [&](Image& found) {
            if (!found.snapshots.empty()) return Answer::busy;
            images_.erase(image);
            return Answer::done;
        });
    }

    Answer create_snapshot(const std::string& image, const std::string& snapshot) override
    {
        return on(Verb::create_snapshot, image,
            [&](Image& found) { return found.snapshots.try_emplace(snapshot, found.size_gib).second ? Answer::done : Answer::exists; });
    }

    Answer remove_snapshot(const std::string& image, const std::string& snapshot) override
    {
        return on(Verb::remove_snapshot, image,
            [&](Image& found) { return found.snapshots.erase(snapshot) == 1 ? Answer::done : Answer::not_found; });
    }

    Answer restore_snapshot(const std::string& image, const std::string& snapshot) override
    {
        return on(Verb::restore_snapshot, image, [&](Image& found) {
            if (!found.snapshots.contains(snapshot)) return Answer::not_found;
            found.restored_to = snapshot;
            found.size_gib = found.snapshots.at(snapshot); // as a qcow2 file's
            return Answer::done;
        });
    }

    gateway::SnapshotListing list_snapshots(const std::string& image) override
    {
        gateway::SnapshotListing listing;
        listing.answer = on(Verb::list_snapshots, image, [&](Image& found) {
            for (const auto& [name, size_gib] : found.snapshots) listing.names.push_back(name);
            return Answer::done;
        });
        if (listing.answer != Answer::done) listing.names.clear();
        return listing;
    }

    Answer repair(const std::string& image) override
    {
        return on(Verb::repair, image, [](Image&) { return Answer::done; });
    }

private:
    struct Plan {
        Answer answer{};
        Effect effect{};
    };

    template <class Work> Answer act(Verb verb, const Work& work)
    {
        Answer answer{};
        {
            const std::lock_guard lock{mutex_};
            ++calls_[verb];
            if (auto& plans = planned_[verb]; plans.empty()) answer = work();
            else {
                if (plans.front().effect == Effect::happens) work();
                answer = plans.front().answer;
                plans.pop_front();
            }
        }
        if (const auto others = std::exchange(meanwhile_[verb], {})) others();
        return answer;
    }

    template <class Work> Answer on(Verb verb, const std::string& image, const Work& work)
    {
        return act(verb, [&] {
            const auto found = images_.find(image);
            return found == images_.end() ? Answer::not_found : work(found->second);
        });
    }

    mutable std::mutex mutex_;
    std::map<std::string, Image> images_;
    std::map<Verb, std::deque<Plan>> planned_;
    std::map<Verb, int> calls_;
    std::map<Verb, std::function<void()>> meanwhile_;
};

} // namespace fake
