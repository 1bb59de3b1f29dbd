#pragma once
#include "http/json_text.h"
#include "store/payment_store.h"
#include "store/refund_store.h"

// How money that came in and money that goes back look in JSON, to members and operators.
namespace api {

http::JsonText json_of(const store::StoredPayment& payment);
http::JsonText json_of(const store::RefundRecord& refund);

} // namespace api
