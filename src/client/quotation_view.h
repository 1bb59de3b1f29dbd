#pragma once
#include "client/order_models.h"
#include "http/json_text.h"

#include <string>

namespace client {

/// What the cart costs, as it is shown before anybody is asked: lines, setup, first payment with its tax, and what follows.
/// `duration` is that of the server ("P1M").
std::string quotation_text(const Quotation& quotation, const std::string& duration);
http::JsonText quotation_json(const Quotation& quotation, const std::string& duration);

/// "month" of "P1M", "12 months" of "P12M", the text itself of what is no number of days, months or years.
std::string duration_text(const std::string& duration);

} // namespace client
