#pragma once
#include "gateway/storage_set.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fake {

/// Storage in memory, the same one for every cluster. Each verb behaves as the real one does, until an answer is set for its
/// next call. Safe for many threads.
class FakeStorage final : public gateway::Storage, public gateway::StorageSet {
public:
    using Answer = gateway::StorageAnswer;

    enum class Verb {
        create_image,
        grow_image,
        remove_image,
        create_snapshot,
        remove_snapshot,
        restore_snapshot,
        list_snapshots,
        list_images,
        image_size,
        repair
    };

    /// Whether what was asked happens, whatever the answer says; `late`: when serve_late() is called, as by a QEMU that hung.
    enum class Effect { none, happens, late };

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

    /// What was asked for and has not happened yet happens now.
    void serve_late()
    {
        const std::lock_guard lock{mutex_};
        for (const auto& work : std::exchange(late_, {})) work();
    }

    /// The verb's next call takes so long, but a snapshot no longer than its limit, after which its outcome is unknown: nothing happens.
    void hang_next(Verb verb, std::chrono::milliseconds duration)
    {
        const std::lock_guard lock{mutex_};
        hangs_[verb].push_back(duration);
    }

    /// The limits of the snapshots that were created so far.
    std::vector<std::chrono::seconds> limits() const
    {
        const std::lock_guard lock{mutex_};
        return limits_;
    }

    /// An image or snapshot that somebody else makes, or takes away.
    void tamper(const std::string& image, const std::function<void(Image&)>& work)
    {
        const std::lock_guard lock{mutex_};
        work(images_.at(key_of(in_default_pool(image))));
    }

    /// Runs once, at the end of the verb's next call, before its answer is given: what others do meanwhile.
    void meanwhile(Verb verb, std::function<void()> work) { meanwhile_[verb] = std::move(work); }

    int calls(Verb verb) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = calls_.find(verb);
        return found == calls_.end() ? 0 : found->second;
    }

    /// What the last call that removes a snapshot was told of the image's machine.
    bool removed_as_off() const
    {
        const std::lock_guard lock{mutex_};
        return removed_as_off_;
    }

    static gateway::Image in_default_pool(const std::string& name) { return {.pool = ".", .name = name}; }

    /// Of the pool that machines are placed in if nothing else is said.
    bool has_image(const std::string& name) const
    {
        const std::lock_guard lock{mutex_};
        return images_.contains(key_of(in_default_pool(name)));
    }

    /// A copy; an empty one if there is no such image.
    Image image(const std::string& name) const
    {
        const std::lock_guard lock{mutex_};
        const auto found = images_.find(key_of(in_default_pool(name)));
        return found == images_.end() ? Image{} : found->second;
    }

    gateway::Storage& of(const domain::Cluster&) override { return *this; }

    Answer create_image(const gateway::Image& image, int size_gib) override
    {
        return act(Verb::create_image,
            [&] { return images_.try_emplace(key_of(image), Image{.size_gib = size_gib}).second ? Answer::done : Answer::exists; });
    }

    Answer grow_image(const gateway::Image& image, int size_gib) override
    {
        return on(Verb::grow_image, image, [&](Image& found) {
            found.size_gib = std::max(found.size_gib, size_gib);
            return Answer::done;
        });
    }

    Answer remove_image(const gateway::Image& image) override
    {
        return on(Verb::remove_image, image, [&](Image& found) {
            if (!found.snapshots.empty()) return Answer::busy;
            images_.erase(key_of(image));
            return Answer::done;
        });
    }

    Answer create_snapshot(
        const gateway::Image& image, const std::string& snapshot, std::chrono::seconds limit = gateway::snapshot_limit) override
    {
        if (!hang(Verb::create_snapshot, limit)) return Answer::unknown;
        return on(Verb::create_snapshot, image, [snapshot](Image& found) {
            return found.snapshots.try_emplace(snapshot, found.size_gib).second ? Answer::done : Answer::exists;
        });
    }

    Answer remove_snapshot(const gateway::Image& image, const std::string& snapshot) override
    {
        return on(Verb::remove_snapshot, image, [this, snapshot, is_off = image.is_off](Image& found) {
            removed_as_off_ = is_off;
            return found.snapshots.erase(snapshot) == 1 ? Answer::done : Answer::not_found;
        });
    }

    Answer restore_snapshot(const gateway::Image& image, const std::string& snapshot) override
    {
        return on(Verb::restore_snapshot, image, [&](Image& found) {
            if (!found.snapshots.contains(snapshot)) return Answer::not_found;
            found.restored_to = snapshot;
            found.size_gib = found.snapshots.at(snapshot); // as a qcow2 file's
            return Answer::done;
        });
    }

    gateway::SnapshotListing list_snapshots(const gateway::Image& image) override
    {
        gateway::SnapshotListing listing;
        listing.answer = on(Verb::list_snapshots, image, [&](Image& found) {
            for (const auto& [name, size_gib] : found.snapshots) listing.names.push_back(name);
            return Answer::done;
        });
        if (listing.answer != Answer::done) listing.names.clear();
        return listing;
    }

    gateway::ImageListing list_images(const std::string& pool, const std::string& pool_namespace) override
    {
        gateway::ImageListing listing;
        listing.answer = act(Verb::list_images, [&] {
            for (const auto& [key, image] : images_)
                if (key.pool == pool && key.pool_namespace == pool_namespace) listing.names.push_back(key.name);
            return Answer::done;
        });
        if (listing.answer != Answer::done) listing.names.clear();
        return listing;
    }

    gateway::ImageSize image_size(const gateway::Image& image) override
    {
        gateway::ImageSize size;
        size.answer = on(Verb::image_size, image, [&](Image& found) {
            size.bytes = std::int64_t{found.size_gib} << 30;
            return Answer::done;
        });
        return size;
    }

    Answer repair(const gateway::Image& image) override
    {
        return on(Verb::repair, image, [](Image&) { return Answer::done; });
    }

private:
    /// What tells images apart.
    struct Key {
        std::string pool{}, pool_namespace{}, name{};
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    static Key key_of(const gateway::Image& image) { return {image.pool, image.pool_namespace, image.name}; }

    struct Plan {
        Answer answer{};
        Effect effect{};
    };

    /// Returns false if it took too long.
    bool hang(Verb verb, std::chrono::milliseconds limit)
    {
        std::chrono::milliseconds duration{0};
        {
            const std::lock_guard lock{mutex_};
            limits_.push_back(std::chrono::duration_cast<std::chrono::seconds>(limit));
            if (auto& hangs = hangs_[verb]; !hangs.empty()) {
                duration = hangs.front();
                hangs.pop_front();
            }
            if (duration > limit) ++calls_[verb];
        }
        std::this_thread::sleep_for(std::min(duration, limit));
        return duration <= limit;
    }

    template <class Work> Answer act(Verb verb, const Work& work)
    {
        Answer answer{};
        {
            const std::lock_guard lock{mutex_};
            ++calls_[verb];
            if (auto& plans = planned_[verb]; plans.empty()) answer = work();
            else {
                if (plans.front().effect == Effect::happens) work();
                if (plans.front().effect == Effect::late) late_.push_back([work] { work(); });
                answer = plans.front().answer;
                plans.pop_front();
            }
        }
        if (const auto others = std::exchange(meanwhile_[verb], {})) others();
        return answer;
    }

    template <class Work> Answer on(Verb verb, const gateway::Image& image, const Work& work)
    {
        return act(verb, [this, key = key_of(image), work] {
            const auto found = images_.find(key);
            return found == images_.end() ? Answer::not_found : work(found->second);
        });
    }

    mutable std::mutex mutex_;
    std::map<Key, Image> images_;
    std::map<Verb, std::deque<Plan>> planned_;
    std::map<Verb, int> calls_;
    std::map<Verb, std::function<void()>> meanwhile_;
    std::vector<std::function<void()>> late_;
    std::map<Verb, std::deque<std::chrono::milliseconds>> hangs_;
    std::vector<std::chrono::seconds> limits_;
    bool removed_as_off_{false};
};

} // namespace fake
