#pragma once
#include "http/json_text.h"
#include "service/bank_proposals.h"
#include "store/bank_import_store.h"
#include "store/bank_transfer_store.h"

// How bank files, bookings and payouts look in JSON.
namespace api {

http::JsonText json_of(const store::BankFileRecord& file);
http::JsonText json_of(const store::BankBooking& booking);

/// With what it may be about.
http::JsonText json_of(const service::ProposedBooking& booking);

/// Without its document, which has an address of its own.
http::JsonText json_of(const store::BankPayout& payout);

} // namespace api
