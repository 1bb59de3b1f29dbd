#pragma once
#include "domain/money.h"
#include "gateway/json_document.h"
#include "gateway/ovh_client.h"
#include "gateway/supplier.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>

// How values of the OVH API are read and written.
namespace gateway {

/// {currencyCode, value, priceInUcents?}; nullopt if it is no price, or in a currency that we do not keep books in.
std::optional<domain::Money> ovh_money(JsonNode price);

/// Of millionths of a cent, as the public catalogues tell prices.
domain::Money ovh_money(std::int64_t ucents, domain::Currency currency);

/// A JSON object of texts and numbers.
std::string ovh_body(std::initializer_list<std::pair<const char*, std::variant<std::string, std::int64_t, bool>>> members);

/// "2020-10-18T13:44:30+00:00", to the second before.
std::string ovh_datetime_text(domain::Instant instant);

/// What a reply means to a supply. Trouble with our keys, our clock or too many calls says nothing of what was asked for.
SupplierOutcome outcome_of(const OvhReply& reply);

/// A reply that carries nothing but its outcome and what was said.
template <class Value> SupplierReply<Value> without_value(const OvhReply& reply)
{
    return {outcome_of(reply), Value{}, reply.message().empty() ? "an answer that is none" : reply.message()};
}

} // namespace gateway
