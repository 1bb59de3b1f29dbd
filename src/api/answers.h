#pragma once
#include "domain/calendar.h"
#include "domain/invoice.h"
#include "domain/machine.h"
#include "domain/member.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/payment_method.h"
#include "domain/provisioning.h"
#include "domain/snapshot.h"
#include "http/json_text.h"
#include "store/job_store.h"

#include <optional>
#include <vector>

// How the trade's nouns look in JSON, the same in every family.
namespace api {

/// {"amount":1300,"currency":"CHF"}
http::JsonText json_of(domain::Money amount);
http::JsonText json_of(const std::optional<domain::Instant>& instant);
http::JsonText json_of(const std::optional<domain::Date>& date);
http::JsonText json_of(const domain::Parameters& parameters);
http::JsonText json_of(const domain::Order& order);
http::JsonText json_of(const domain::Machine& machine);

/// What was done outside for a machine, in its order.
http::JsonText json_of(const std::vector<domain::StepRecord>& steps);
http::JsonText json_of(const domain::Snapshot& snapshot);
http::JsonText json_of(const store::JobRecord& job);
http::JsonText json_of(const domain::PaymentMethod& method);
http::JsonText json_of(const domain::Member& member);
http::JsonText json_of(const domain::Totals& totals);

/// How something is taxed, or why it cannot be said yet.
http::JsonText tax_json(const domain::InvoiceTax& tax);

/// The members that every kind of invoice line has.
http::JsonText json_of(const domain::InvoiceLine& line);

} // namespace api
