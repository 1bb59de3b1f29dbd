#include "store/sha256.h"

#include "domain/hex.h"

#include <openssl/sha.h>

#include <array>

namespace store {

std::string sha256_of(std::string_view text)
{
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return domain::to_hex(digest);
}

} // namespace store
