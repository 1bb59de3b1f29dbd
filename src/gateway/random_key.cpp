#include "gateway/random_key.h"

#include <openssl/rand.h>

#include <stdexcept>
#include <string_view>

namespace gateway {

std::string random_key(std::size_t length)
{
    constexpr std::string_view alphabet{"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"};
    constexpr auto even = 256 / alphabet.size() * alphabet.size(); // a byte beyond would favour the first letters
    std::string key;
    while (key.size() < length) {
        unsigned char bytes[64];
        if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::runtime_error{"no random bytes"};
        for (const auto byte : bytes)
            if (byte < even && key.size() < length) key += alphabet[byte % alphabet.size()];
    }
    return key;
}

} // namespace gateway
