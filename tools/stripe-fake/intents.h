#pragma once
#include "endpoint.h"
#include "object_store.h"

#include <string>
#include <string_view>

namespace stripe_fake {

// What payment intents and setup intents have in common.

/// The intent of the path, locked; a browser may only touch the one whose secret it holds. @throws ApiError resource_missing
Object find_intent(Call& call, const std::string& kind);

/// The intent as the caller may see it: a browser is told neither whose it is nor what the server noted.
http::Json shown(const Call& call, const Object& intent);

/// @throws ApiError …_unexpected_state, with the intent in it, unless it has one of these states
void require_status(const Call& call, const Object& intent, const std::string& verb, std::initializer_list<std::string_view> expected);

/// Reads payment_method_types and automatic_payment_methods; without the former the latter are on, as in Stripe's newer
/// versions. Cards are all there is in either case. @throws ApiError
void read_types(Parameters& parameters, Object& intent);

/// Asks the cardholder's bank for a challenge, and tells how to get there.
struct Presentation {
    std::string return_url{};
    bool by_library{false}; ///< the browser library shows it
};
void begin_challenge(Call& call, Object& intent, const Presentation& presentation);

} // namespace stripe_fake
