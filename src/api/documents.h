#pragma once
#include "http/json_text.h"
#include "service/invoices.h"
#include "store/billing_run_store.h"
#include "store/document_store.h"

#include <string>

// How documents and billing runs look in JSON, to members and operators.
namespace api {

http::JsonText json_of(const store::InvoiceRecord& invoice);

/// With recipient and lines.
http::JsonText json_of(const service::InvoiceWithLines& invoice);

/// A document that is not issued: no number yet.
http::JsonText draft_json(const store::NewDocument& document);

http::JsonText json_of(const store::BillingRunRecord& run);
http::JsonText json_of(const store::BillingErrorRecord& error);

} // namespace api
