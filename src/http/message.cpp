#include "http/message.h"

#include "http/problem.h"

#include <algorithm>

namespace http {
namespace {

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

std::string_view Request::param(std::string_view name) const
{
    for (const auto& [key, value] : params)
        if (key == name) return value;
    return {};
}

std::size_t Request::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(params, [&](const auto& pair) { return pair.first == name; }));
}

std::string Request::query_value(std::string_view name) const
{
    std::string value;
    bool found = false;
    for (std::string_view rest{query}; !rest.empty();) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != name) continue;
        if (found) throw BadRequest{"query parameter " + std::string{name} + " is given twice"};
        found = true;
        if (equals != std::string_view::npos) value = percent_decode(pair.substr(equals + 1));
    }
    return value;
}

std::string percent_decode(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) throw BadRequest{"broken percent-encoding in the query"};
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) throw BadRequest{"control character in the query"};
        decoded += c;
    }
    return decoded;
}

} // namespace http
