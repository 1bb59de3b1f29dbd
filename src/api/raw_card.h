#pragma once
#include "domain/member.h"
#include "gateway/card_gateway.h"
#include "http/form.h"
#include "http/message.h"
#include "service/payment_methods.h"

#include <string>

// Raw card fields (cc_number, cc_month, cc_year, cc_cvc): a rule of their own, before anything else is done.
namespace api {

enum class RawCards { refuse, tokenize };

/// True if the body has cc_* fields or, in any string, what looks like a card number.
bool carries_raw_card(const http::Json& body);

/// Where raw cards are refused. @throws http::Rejected 422 raw_card_refused, saying how to register a card instead
[[noreturn]] void refuse_raw_card(const std::string& base_url);

/// Where the sandbox lets them through to the gateway: reads the cc_* fields of the form and trades them for a token.
/// @throws domain::Refusal, domain::Unavailable of PaymentMethods::tokenize; http::InvalidFields if some are missing
std::string token_for_raw_card(http::Form& form, service::PaymentMethods& methods);

} // namespace api
