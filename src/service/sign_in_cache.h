#pragma once
#include "domain/member.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace service {

/// Remembers accepted sign-ins for some seconds, so that a script's hundred requests cost the directory one. What is
/// kept is an HMAC-SHA-256 of name and password under a random key of this process, never the password. Only successes
/// are kept, at most `capacity` of them, the oldest leaving first. Safe for many threads.
class SignInCache {
public:
    using Digest = std::array<std::uint8_t, 32>;

    /// A lifetime of 0 switches the cache off. @throws std::runtime_error without randomness.
    SignInCache(std::chrono::seconds lifetime, std::size_t capacity);

    std::optional<domain::Identity> find(const std::string& uid, const std::string& password);
    void keep(const std::string& uid, const std::string& password, const domain::Identity& identity);

private:
    using Clock = std::chrono::steady_clock;

    struct DigestHash {
        std::size_t operator()(const Digest& digest) const noexcept;
    };
    struct Entry {
        domain::Identity identity{};
        Clock::time_point until{};
    };

    Digest digest_of(const std::string& uid, const std::string& password) const;

    std::chrono::seconds lifetime_;
    std::size_t capacity_;
    std::array<std::uint8_t, 32> key_{};
    std::mutex mutex_;
    std::unordered_map<Digest, Entry, DigestHash> entries_;
    std::deque<Digest> by_age_;
};

} // namespace service
