#include "service/sign_in_cache.h"

#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstring>
#include <stdexcept>

namespace service {

SignInCache::SignInCache(std::chrono::seconds lifetime, std::size_t capacity) : lifetime_{lifetime}, capacity_{capacity}
{
    if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) throw std::runtime_error{"no random bytes"};
}

std::optional<domain::Identity> SignInCache::find(const std::string& uid, const std::string& password)
{
    if (lifetime_.count() == 0) return std::nullopt;
    const auto digest = digest_of(uid, password);
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(digest);
    if (found == entries_.end() || found->second.until < Clock::now()) return std::nullopt;
    return found->second.identity;
}

void SignInCache::keep(const std::string& uid, const std::string& password, const domain::Identity& identity)
{
    if (lifetime_.count() == 0 || capacity_ == 0) return;
    const auto digest = digest_of(uid, password);
    const std::lock_guard lock{mutex_};
    if (entries_.insert_or_assign(digest, Entry{identity, Clock::now() + lifetime_}).second) by_age_.push_back(digest);
    while (by_age_.size() > capacity_) {
        entries_.erase(by_age_.front());
        by_age_.pop_front();
    }
}

std::size_t SignInCache::DigestHash::operator()(const Digest& digest) const noexcept
{
    std::size_t hash = 0; // the digest is uniform already
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
}

SignInCache::Digest SignInCache::digest_of(const std::string& uid, const std::string& password) const
{
    const auto message = std::to_string(uid.size()) + ':' + uid + password;
    Digest digest{};
    unsigned size = static_cast<unsigned>(digest.size());
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
        digest.data(), &size);
    return digest;
}

} // namespace service
