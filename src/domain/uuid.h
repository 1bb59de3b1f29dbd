#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// A UUID (RFC 9562), always held in its canonical lower-case text.
class Uuid {
public:
    Uuid() = default; ///< the nil UUID

    /// nullopt unless the text is 8-4-4-4-12 hexadecimal digits (either case) and not the nil UUID.
    static std::optional<Uuid> parse(std::string_view text);

    /// Version 7: 48 bits of Unix milliseconds, then `random` (10 bytes, of which 74 bits are used).
    static Uuid version7(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random);

    const std::string& text() const noexcept { return text_; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    std::string text_{"00000000-0000-0000-0000-000000000000"};
};

} // namespace domain
