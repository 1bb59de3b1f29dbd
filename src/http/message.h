#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

/// One request, as nginx (or a shell) hands it over.
struct Request {
    std::string method{};
    std::string path{};  ///< decoded, without the query
    std::string query{}; ///< raw
    std::string id{};    ///< correlates answer, log and problem
    std::string body{};
    std::vector<std::pair<std::string, std::string>> params{}; ///< the FastCGI parameters, in order
    std::vector<std::string> segments{};                       ///< what the route's {…} stood for, in order

    /// The parameter, or an empty view.
    std::string_view param(std::string_view name) const;

    /// How often the parameter occurs.
    std::size_t count(std::string_view name) const;

    /// The decoded value of a query parameter, or empty. @throws BadRequest on a broken escape, a control character or
    /// a parameter given twice.
    std::string query_value(std::string_view name) const;
};

struct Response {
    int status{200};
    std::string body{};
    std::string content_type{"application/json"};
    std::vector<std::pair<std::string, std::string>> headers{};

    Response&& with(std::string name, std::string value) &&
    {
        headers.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }
};

/// Undoes percent-encoding. @throws BadRequest on a broken escape or a control character.
std::string percent_decode(std::string_view text);

} // namespace http
