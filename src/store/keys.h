#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// One prepared statement for any number of keys: "… WHERE id IN " STORE_KEYS.
#define STORE_KEYS                                                                                                                         \
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"                                \
    "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

namespace store {

constexpr std::size_t keys_at_a_time = 100;

/// Calls `query` with the keys in groups of a fixed size, the last one filled up with 0, which is no row's number.
template <class Query> void for_keys(const std::vector<std::int64_t>& keys, Query query)
{
    for (std::size_t first = 0; first < keys.size(); first += keys_at_a_time) {
        std::array<std::int64_t, keys_at_a_time> group{};
        for (std::size_t i = 0; i < keys_at_a_time && first + i < keys.size(); ++i) group[i] = keys[first + i];
        std::apply(query, group);
    }
}

/// The same for keys that are texts, filled up with "", which is no row's key.
template <class Query> void for_keys(const std::vector<std::string>& keys, Query query)
{
    for (std::size_t first = 0; first < keys.size(); first += keys_at_a_time) {
        std::array<std::string_view, keys_at_a_time> group{};
        for (std::size_t i = 0; i < keys_at_a_time && first + i < keys.size(); ++i) group[i] = keys[first + i];
        std::apply(query, group);
    }
}

} // namespace store
