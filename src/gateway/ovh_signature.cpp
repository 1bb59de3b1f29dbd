#include "gateway/ovh_signature.h"

#include "domain/hex.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>

namespace gateway {
namespace {

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

} // namespace

std::string ovh_signature(const OvhSignedCall& call)
{
    const auto timestamp = std::to_string(call.timestamp);
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest{EVP_MD_CTX_new()};
    bool ok = digest && EVP_DigestInit_ex(digest.get(), EVP_sha1(), nullptr) == 1;
    const auto take = [&](std::string_view text) { ok = ok && EVP_DigestUpdate(digest.get(), text.data(), text.size()) == 1; };
    take(call.application_secret);
    for (const auto part : {call.consumer_key, call.method, call.url, call.body, std::string_view{timestamp}}) {
        take("+");
        take(part);
    }
    std::array<unsigned char, 20> sum{};
    if (!ok || EVP_DigestFinal_ex(digest.get(), sum.data(), nullptr) != 1) throw std::runtime_error{"SHA-1 is not to be had"};
    return "$1$" + domain::to_hex(sum);
}

bool is_ovh_signature_of(std::string_view given, const OvhSignedCall& call)
{
    const auto wanted = ovh_signature(call);
    return given.size() == wanted.size() && CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

} // namespace gateway
