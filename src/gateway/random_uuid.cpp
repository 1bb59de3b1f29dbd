#include "gateway/random_uuid.h"

#include <openssl/rand.h>

#include <chrono>
#include <stdexcept>

namespace gateway {

domain::Uuid random_uuid()
{
    std::array<std::uint8_t, 10> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) throw std::runtime_error{"no random bytes"};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return domain::Uuid::version7(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()), random);
}

} // namespace gateway
