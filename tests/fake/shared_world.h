#pragma once
#include "fake/last_step.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

// Storage and guests that several processes share, and that outlive each of them: in a folder. Before each thing that is done to them
// and right after, a process may be made to die (fake::die_at).
namespace fake {

/// A folder that goes with it.
class SharedFolder {
public:
    SharedFolder()
    {
        std::string pattern{std::filesystem::temp_directory_path() / "shared-world-XXXXXX"};
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
        path_ = pattern;
    }
    ~SharedFolder() { std::filesystem::remove_all(path_); }
    SharedFolder(const SharedFolder&) = delete;
    SharedFolder& operator=(const SharedFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Images are folders, snapshots files in them.
class SharedStorage final : public gateway::Storage, public gateway::StorageSet {
public:
    using Answer = gateway::StorageAnswer;
    explicit SharedStorage(std::filesystem::path folder) : folder_{std::move(folder)} {}

    gateway::Storage& of(const domain::Cluster&) override { return *this; }

    Answer create_image(const gateway::Image& image, int) override
    {
        return act([&] { return std::filesystem::create_directories(path_of(image)) ? Answer::done : Answer::exists; });
    }
    Answer grow_image(const gateway::Image& image, int) override
    {
        return on(image, [] { return Answer::done; });
    }
    Answer remove_image(const gateway::Image& image) override
    {
        return on(image, [&] {
            if (!std::filesystem::is_empty(path_of(image))) return Answer::busy;
            std::filesystem::remove(path_of(image));
            return Answer::done;
        });
    }
    Answer create_snapshot(const gateway::Image& image, const std::string& snapshot, std::chrono::seconds) override
    {
        return on(image, [&] {
            const auto file = path_of(image) / snapshot;
            if (std::filesystem::exists(file)) return Answer::exists;
            std::ofstream{file} << "a point in time";
            return Answer::done;
        });
    }
    Answer remove_snapshot(const gateway::Image& image, const std::string& snapshot) override
    {
        return on(image, [&] { return std::filesystem::remove(path_of(image) / snapshot) ? Answer::done : Answer::not_found; });
    }
    Answer restore_snapshot(const gateway::Image& image, const std::string& snapshot) override
    {
        return on(image, [&] {
            if (!std::filesystem::exists(path_of(image) / snapshot)) return Answer::not_found;
            std::ofstream{folder_ / "restored", std::ios::app} << snapshot << '\n';
            return Answer::done;
        });
    }
    gateway::SnapshotListing list_snapshots(const gateway::Image& image) override
    {
        gateway::SnapshotListing listing;
        listing.answer = on(image, [&] {
            for (const auto& entry : std::filesystem::directory_iterator{path_of(image)}) listing.names.push_back(entry.path().filename());
            return Answer::done;
        });
        std::ranges::sort(listing.names);
        return listing;
    }
    gateway::ImageListing list_images(const std::string&, const std::string&) override { return {Answer::unavailable, {}}; }
    gateway::ImageSize image_size(const gateway::Image& image) override
    {
        return {on(image, [] { return Answer::done; }), std::int64_t{20} << 30};
    }
    Answer repair(const gateway::Image& image) override
    {
        return on(image, [] { return Answer::done; });
    }

private:
    std::filesystem::path path_of(const gateway::Image& image) const { return folder_ / image.pool / image.name; }

    template <class Work> static Answer act(const Work& work)
    {
        pass_step();
        const auto answer = work();
        pass_step();
        return answer;
    }
    template <class Work> Answer on(const gateway::Image& image, const Work& work) const
    {
        return act([&] { return std::filesystem::exists(path_of(image)) ? work() : Answer::not_found; });
    }

    std::filesystem::path folder_;
};

/// One machine's guest: frozen while there is a file that says since when.
class SharedGuest final : public gateway::Guest, public gateway::GuestSet {
public:
    explicit SharedGuest(std::filesystem::path folder) : folder_{std::move(folder)} {}

    gateway::Guest& of(const domain::Host&) override { return *this; }

    void switch_to(gateway::GuestPower power)
    {
        if (power == gateway::GuestPower::off) std::ofstream{folder_ / "off"} << "off";
        else std::filesystem::remove(folder_ / "off");
    }
    bool is_frozen() const { return std::filesystem::exists(folder_ / "frozen"); }

    /// The longest time for which it was frozen until it was thawed, by whatever process.
    std::chrono::milliseconds longest_frozen() const
    {
        std::ifstream file{folder_ / "times"};
        std::int64_t longest = 0;
        for (std::int64_t time = 0; file >> time;) longest = std::max(longest, time);
        return std::chrono::milliseconds{longest};
    }

    gateway::GuestPower power(const domain::Uuid&) override { return is_off() ? gateway::GuestPower::off : gateway::GuestPower::on; }
    gateway::Freeze freeze(const domain::Uuid&) override
    {
        if (is_off() || is_frozen()) return {gateway::FreezeAnswer::not_possible, 0};
        pass_step();
        std::ofstream{folder_ / "frozen.part"} << now_ms();
        std::filesystem::rename(folder_ / "frozen.part", folder_ / "frozen");
        pass_step();
        return {gateway::FreezeAnswer::frozen, 2};
    }
    gateway::Thaw thaw(const domain::Uuid&) override
    {
        pass_step();
        std::int64_t since = 0;
        const bool was_frozen = static_cast<bool>(std::ifstream{folder_ / "frozen"} >> since);
        if (was_frozen) std::ofstream{folder_ / "times", std::ios::app} << now_ms() - since << '\n';
        std::filesystem::remove(folder_ / "frozen");
        pass_step();
        return {true, was_frozen ? 2 : 0};
    }
    gateway::FreezeStatus status(const domain::Uuid&) override
    {
        return is_frozen() ? gateway::FreezeStatus::frozen : gateway::FreezeStatus::thawed;
    }

private:
    bool is_off() const { return std::filesystem::exists(folder_ / "off"); }

    /// The same clock for all processes.
    static std::int64_t now_ms()
    {
        timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
    }

    std::filesystem::path folder_;
};

} // namespace fake
