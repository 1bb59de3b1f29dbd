#pragma once
#include "http/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_fake {

/// The parameters of a request, flat, under their names in brackets: "card[exp_month]", "payment_method_types[0]".
/// A getter throws the ApiError that Stripe would answer; what no getter asked for is unknown, see finish().
class Parameters {
public:
    /// Reads a query or an application/x-www-form-urlencoded body. Items of "name[]" are numbered as they come.
    /// @throws ApiError if something is not UTF-8
    explicit Parameters(std::string_view urlencoded);

    /// As given; empty text stands for "unset this". nullopt if it is absent.
    std::optional<std::string> text(const std::string& name);

    /// @throws ApiError parameter_missing, parameter_invalid_empty
    std::string required(const std::string& name);

    /// "true" or "false" in either spelling of the official libraries (node's and Python's).
    std::optional<bool> boolean(const std::string& name);

    /// @throws ApiError parameter_invalid_integer
    std::optional<std::int64_t> integer(const std::string& name);

    /// The direct members of "name[…]".
    std::map<std::string, std::string> members(const std::string& name);

    /// The items of "name[0]", "name[1]" …
    std::vector<std::string> list(const std::string& name);

    /// True if the name or anything below it was given. Does not count as asking for it.
    bool contains(const std::string& name) const;

    /// Marks the name and all below it as known: it may be given and means nothing here.
    void accept(const std::string& name);

    /// Called before anything is done. @throws ApiError parameter_unknown
    void finish() const;

    /// The same text for the same parameters, in whatever order and escaping they came.
    std::string canonical() const;

private:
    void add(std::string name, std::string value);

    std::map<std::string, std::string> values_{};
    std::map<std::string, std::size_t> next_index_{};
    std::set<std::string> known_{};
};

/// null for absent and for empty text.
http::Json text_or_null(const std::optional<std::string>& text);

} // namespace stripe_fake
