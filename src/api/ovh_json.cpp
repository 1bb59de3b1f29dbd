#include "api/ovh_json.h"

#include "api/ovh_error.h"
#include "http/json.h"

#include <charconv>
#include <chrono>

namespace api {
namespace {

constexpr std::int64_t ucents_per_minor = 1'000'000;

/// "-6.99", "12.00"
std::string decimal(std::int64_t minor)
{
    const auto whole = std::to_string(std::abs(minor / 100));
    const auto cents = std::to_string(std::abs(minor % 100));
    return (minor < 0 ? "-" : "") + whole + '.' + (cents.size() == 1 ? "0" : "") + cents;
}

/// A JSON number without needless zeros: 6.99, 12, 0.5.
std::string shortest(std::string decimal)
{
    while (decimal.back() == '0') decimal.pop_back();
    if (decimal.back() == '.') decimal.pop_back();
    return decimal;
}

} // namespace

http::Response ovh_ok(const http::JsonText& value) { return {.body = value.dump()}; }

http::Response ovh_void() { return {.body = "null"}; }

std::int64_t ovh_ucents(domain::Money amount) { return amount.minor * ucents_per_minor; }

http::JsonText ovh_value(domain::Money amount) { return http::JsonText::ready(shortest(decimal(amount.minor))); }

http::JsonText ovh_price(domain::Money amount)
{
    const auto text = decimal(amount.minor);
    auto price = http::JsonText::object();
    price.set("currencyCode", domain::to_text(amount.currency)).set("priceInUcents", ovh_ucents(amount));
    price.set("text", text + (amount.currency == domain::Currency::eur ? " €" : " CHF"));
    return std::move(price.set("value", ovh_value(amount)));
}

std::string ovh_datetime(domain::Instant instant)
{
    const auto text = domain::to_text(std::chrono::floor<std::chrono::seconds>(instant));
    return text.substr(0, 19) + "+00:00";
}

http::Form ovh_form(const http::Request& request)
{
    if (request.body.empty()) return http::Form{http::Json::object()};
    auto object = http::parse_object(request.body);
    const char* name = nullptr;
    json_t* value = nullptr;
    void* next = nullptr;
    json_object_foreach_safe(object.get(), next, name, value)
    {
        if (json_is_null(value)) json_object_del(object.get(), name);
    }
    return http::Form{std::move(object)};
}

std::optional<std::string> ovh_query(const http::Request& request, std::string_view name)
{
    auto value = request.query_value(name);
    if (value.empty() || value == "null") return std::nullopt;
    return value;
}

std::int64_t ovh_number(const http::Request& request, std::size_t segment, const std::string& what)
{
    const auto& text = request.segments.at(segment);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1) throw OvhError::not_found(what, text);
    return number;
}

} // namespace api
