#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace client {

/// An installation of the API by the name that OVH's own clients know it by.
struct Endpoint {
    std::string_view name{};
    std::string_view url{};
    std::string_view token_url{}; ///< of OAuth2 service accounts; empty: it has none
};

/// All that have a name. Source: github.com/ovh/go-ovh.
std::span<const Endpoint> endpoints();

/// By name; a text that contains "/" is the URL of another installation. nullopt if it is neither.
std::optional<Endpoint> endpoint_from(std::string_view text);

/// The page on which an application's keys are made there.
std::string create_app_page(std::string_view url);

} // namespace client
