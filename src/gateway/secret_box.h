#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Keeps secrets that we must read again, so that whoever has the database alone cannot: AES-256-GCM (NIST SP 800-38D) under a
/// key that stands elsewhere, with a fresh random nonce each time. What is sealed is bound to its context, such as the name of
/// its row, and opens under no other. With a previous key beside the current one keys can be changed without a pause.
class SecretBox {
public:
    /// Keys of 32 bytes, each in 64 hexadecimal digits; `previous` may be empty.
    /// @throws std::invalid_argument if one is no key, or the two cannot be told apart by the byte that names them
    explicit SecretBox(std::string_view key, std::string_view previous = "");

    /// The number of the key, nonce, ciphertext and tag in hexadecimal digits, under the current key.
    /// @throws std::runtime_error if OpenSSL fails
    std::string seal(std::string_view secret, std::string_view context) const;

    /// nullopt: sealed under a key that is not ours, for another context, or altered.
    std::optional<std::string> open(std::string_view sealed, std::string_view context) const;

    /// Whether it is sealed under the current key.
    bool is_current(std::string_view sealed) const;

private:
    struct Key {
        std::array<std::uint8_t, 32> bytes{};
        std::uint8_t number{0};
    };
    static Key key_of(std::string_view digits);
    const Key* key_numbered(std::uint8_t number) const;

    std::vector<Key> keys_{}; ///< the current one first
};

} // namespace gateway
