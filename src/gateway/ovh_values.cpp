#include "gateway/ovh_values.h"

#include "domain/margin.h"

#include <jansson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace gateway {
namespace {

constexpr std::int64_t ucents_per_minor = 1'000'000;
constexpr std::int64_t millionths_per_minor = 10'000;

struct Free {
    void operator()(json_t* value) const noexcept { json_decref(value); }
    void operator()(char* text) const noexcept { std::free(text); }
};

json_t* json_of(const std::variant<std::string, std::int64_t, bool>& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) return json_stringn(text->data(), text->size());
    if (const auto* number = std::get_if<std::int64_t>(&value)) return json_integer(*number);
    return json_boolean(std::get<bool>(value));
}

} // namespace

std::optional<domain::Money> ovh_money(JsonNode price)
{
    const auto currency = domain::currency_from(price.text({"currencyCode"}));
    if (!currency) return std::nullopt;
    if (const auto ucents = price.number({"priceInUcents"})) return ovh_money(*ucents, *currency);
    auto text = price.decimal({"value"});
    const bool negative = text.starts_with('-');
    if (negative) text.erase(0, 1);
    const auto value = domain::millionths_from(text);
    if (!value) return std::nullopt;
    const auto minor = domain::half_up(value->value, 1, millionths_per_minor);
    return domain::Money{negative ? -minor : minor, *currency};
}

domain::Money ovh_money(std::int64_t ucents, domain::Currency currency) { return {domain::half_up(ucents, 1, ucents_per_minor), currency}; }

std::string ovh_body(std::initializer_list<std::pair<const char*, std::variant<std::string, std::int64_t, bool>>> members)
{
    const std::unique_ptr<json_t, Free> object{json_object()};
    for (const auto& [name, value] : members)
        if (json_object_set_new(object.get(), name, json_of(value)) != 0) throw std::bad_alloc{};
    const std::unique_ptr<char, Free> text{json_dumps(object.get(), JSON_COMPACT)};
    if (!text) throw std::bad_alloc{};
    return text.get();
}

std::string ovh_datetime_text(domain::Instant instant)
{
    return domain::to_text(domain::Instant{std::chrono::floor<std::chrono::seconds>(instant)}).substr(0, 19) + "+00:00";
}

SupplierOutcome outcome_of(const OvhReply& reply)
{
    using enum SupplierOutcome;
    constexpr std::array<std::string_view, 7> ours{"INVALID_SIGNATURE", "QUERY_TIME_OUT", "INVALID_CREDENTIAL", "NOT_CREDENTIAL",
        "NOT_GRANTED_CALL", "INVALID_KEY", "FORBIDDEN_ADDRESS"};
    if (reply.ok()) return done;
    if (reply.outcome() != OvhOutcome::refused) return unknown;
    if (reply.status() == 401 || reply.status() == 429 || std::ranges::find(ours, reply.error_code()) != ours.end()) return unknown;
    return reply.status() == 404 || reply.status() == 460 ? absent : refused;
}

} // namespace gateway
