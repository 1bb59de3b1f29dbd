#include "domain/zone.h"
#include "gateway/clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace gateway {
namespace {

using std::chrono::microseconds;

domain::Zone zone_of(const std::string& name)
{
    const auto zone = domain::Zone::named(name);
    if (!zone) throw std::runtime_error{"unknown time zone " + name + "; use a tzdata name such as Europe/Zurich"};
    return *zone;
}

domain::Instant system_now() { return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now()); }

class SystemClock final : public Clock {
public:
    explicit SystemClock(const std::string& zone) : zone_{zone_of(zone)} {}
    domain::Instant now() const override { return system_now(); }
    domain::Date day_of(domain::Instant instant) const override { return zone_.day_of(instant); }

private:
    domain::Zone zone_;
};

/// The offset is one integer in a mapped file: reading it costs nothing, and setting it is seen everywhere at once.
class SandboxClock final : public SettableClock {
public:
    SandboxClock(const std::string& zone, const std::string& file) : zone_{zone_of(zone)}
    {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0 || ::ftruncate(descriptor, sizeof(std::int64_t)) != 0)
            throw std::system_error{errno, std::generic_category(), "test clock " + file};
        void* memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        ::close(descriptor);
        if (memory == MAP_FAILED) throw std::system_error{errno, std::generic_category(), "test clock " + file};
        offset_us_ = static_cast<std::int64_t*>(memory);
    }
    ~SandboxClock() override { ::munmap(offset_us_, sizeof(std::int64_t)); }
    SandboxClock(const SandboxClock&) = delete;
    SandboxClock& operator=(const SandboxClock&) = delete;

    domain::Instant now() const override { return system_now() + microseconds{std::atomic_ref{*offset_us_}.load()}; }
    domain::Date day_of(domain::Instant instant) const override { return zone_.day_of(instant); }
    void set(domain::Instant instant) override
    {
        std::atomic_ref{*offset_us_}.store(std::chrono::duration_cast<microseconds>(instant - system_now()).count());
    }

private:
    domain::Zone zone_;
    std::int64_t* offset_us_{nullptr};
};

} // namespace

std::unique_ptr<Clock> make_system_clock(const std::string& zone) { return std::make_unique<SystemClock>(zone); }

std::unique_ptr<SettableClock> make_sandbox_clock(const std::string& zone, const std::string& offset_file)
{
    return std::make_unique<SandboxClock>(zone, offset_file);
}

} // namespace gateway
