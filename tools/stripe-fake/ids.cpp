#include "ids.h"

#include "domain/hex.h"

#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace stripe_fake {

std::string fresh_id(std::string_view prefix)
{
    constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::size_t length = 24;
    std::string id{prefix};
    while (id.size() < prefix.size() + length) {
        unsigned char byte = 0;
        if (RAND_bytes(&byte, 1) != 1) throw std::runtime_error{"no random bytes"};
        if (byte < 4 * letters.size()) id += letters[byte % letters.size()]; // the rest would favour the first letters
    }
    return id;
}

std::string fingerprint(const std::string& secret, std::string_view text)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
        mac, &size);
    return domain::to_hex(std::span{mac}.first(size));
}

} // namespace stripe_fake
