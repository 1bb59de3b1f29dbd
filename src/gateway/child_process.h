#pragma once
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    int get() const noexcept { return number_; }
    bool is_open() const noexcept { return number_ >= 0; }

private:
    int number_{-1};
};

/// After `signalled` and `killed_at_deadline` the program may have done all, a part or nothing of its work, and after
/// `killed_at_deadline` it may even, hanging in the kernel, still be about to.
enum class ChildEnd { exited, signalled, killed_at_deadline, not_started };

struct ChildResult {
    ChildEnd end{ChildEnd::not_started};
    int code{0};                    ///< exited: the exit code; signalled: the signal; not_started: an errno
    std::string output{}, errors{}; ///< at most 8 MiB each; what comes after is thrown away
};

/// Runs argv[0], searched in PATH, without a shell: own process group, empty environment but for PATH and LC_ALL=C,
/// no descriptor of ours. After `limit` its whole group is killed.
///
/// The child gets `held`, if given, as descriptor 3. A lock (flock) on it then lasts as long as the child, also when
/// this process is killed meanwhile: the child is not taken along, it ends its work under the lock. It reads `input`, a file, as
/// its standard input; without one there is nothing to read.
ChildResult run_child(const std::vector<std::string>& argv, std::chrono::microseconds limit, const Descriptor* held = nullptr,
    const Descriptor* input = nullptr);

} // namespace gateway
