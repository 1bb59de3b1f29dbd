#include "parameters.h"

#include "api_error.h"

#include <algorithm>
#include <charconv>

namespace stripe_fake {
namespace {

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Unlike the site's own decoding this takes line breaks, which descriptions have, and leaves a broken escape as it is.
std::string decoded(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            result += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

/// "name[member]" → "member"; empty unless `key` is a direct member.
std::string member_of(const std::string& name, const std::string& key)
{
    if (!key.starts_with(name + '[') || !key.ends_with(']')) return {};
    auto member = key.substr(name.size() + 1, key.size() - name.size() - 2);
    return member.find_first_of("[]") == std::string::npos ? member : std::string{};
}

bool is_utf8(const std::string& text) { return http::Json{json_stringn(text.data(), text.size())}.get() != nullptr; }

} // namespace

Parameters::Parameters(std::string_view urlencoded)
{
    while (!urlencoded.empty()) {
        const auto pair = urlencoded.substr(0, urlencoded.find('&'));
        urlencoded.remove_prefix(std::min(urlencoded.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        add(decoded(pair.substr(0, equals)), equals == std::string_view::npos ? std::string{} : decoded(pair.substr(equals + 1)));
    }
}

void Parameters::add(std::string name, std::string value)
{
    if (!is_utf8(name) || !is_utf8(value)) throw invalid_request("Invalid UTF-8 in the request's parameters.");
    // As Rack reads it: "a[][x]" belongs to the last item of a, unless that has an x already.
    for (auto at = name.find("[]"); at != std::string::npos; at = name.find("[]", at + 1)) {
        auto& next = next_index_[name.substr(0, at)];
        const auto numbered = [&](std::size_t index) { return name.substr(0, at + 1) + std::to_string(index) + name.substr(at + 1); };
        const bool into_last = next > 0 && at + 2 < name.size() && !values_.contains(numbered(next - 1));
        name = numbered(into_last ? next - 1 : next++);
    }
    values_.insert_or_assign(std::move(name), std::move(value));
}

std::optional<std::string> Parameters::text(const std::string& name)
{
    known_.insert(name);
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second;
}

std::string Parameters::required(const std::string& name)
{
    const auto value = text(name);
    if (!value) throw invalid_request("Missing required param: " + name + ".", name).coded("parameter_missing");
    if (value->empty())
        throw invalid_request("You passed an empty string for '" + name + "'. Remove the parameter or give it a value.", name)
            .coded("parameter_invalid_empty");
    return *value;
}

std::optional<bool> Parameters::boolean(const std::string& name)
{
    const auto value = text(name);
    if (!value || value->empty()) return std::nullopt;
    if (*value == "true" || *value == "True") return true;
    if (*value == "false" || *value == "False") return false;
    throw invalid_request("Invalid boolean: " + *value, name);
}

std::optional<std::int64_t> Parameters::integer(const std::string& name)
{
    const auto value = text(name);
    if (!value || value->empty()) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    // The value is not repeated in the message: it may be half of a card.
    if (error != std::errc{} || end != value->data() + value->size())
        throw invalid_request("Invalid integer for " + name, name).coded("parameter_invalid_integer");
    return number;
}

std::map<std::string, std::string> Parameters::members(const std::string& name)
{
    std::map<std::string, std::string> found;
    for (const auto& [key, value] : values_) {
        const auto member = member_of(name, key);
        if (member.empty()) continue;
        known_.insert(key);
        found.emplace(member, value);
    }
    return found;
}

std::vector<std::string> Parameters::list(const std::string& name)
{
    std::vector<std::string> items;
    while (auto item = text(name + '[' + std::to_string(items.size()) + ']')) items.push_back(*std::move(item));
    return items;
}

bool Parameters::contains(const std::string& name) const
{
    return std::ranges::any_of(values_, [&](const auto& pair) { return pair.first == name || pair.first.starts_with(name + '['); });
}

void Parameters::accept(const std::string& name)
{
    for (const auto& [key, value] : values_)
        if (key == name || key.starts_with(name + '[')) known_.insert(key);
}

void Parameters::finish() const
{
    for (const auto& [key, value] : values_)
        if (!known_.contains(key)) throw invalid_request("Received unknown parameter: " + key, key).coded("parameter_unknown");
}

std::string Parameters::canonical() const
{
    std::string text;
    for (const auto& [key, value] : values_) {
        for (const auto* part : {&key, &value}) text += std::to_string(part->size()) + ':' + *part;
    }
    return text;
}

http::Json text_or_null(const std::optional<std::string>& text) { return text && !text->empty() ? http::Json{*text} : http::Json::null(); }

} // namespace stripe_fake
