#pragma once
#include "http/router.h"
#include "service/call_faults.h"

namespace api {

/// Lets the faults of a sandbox befall what the routes of the cart API answer: one handler in their stead, which hands them
/// everything. Both must live as long as it. nginx must know /internal/cut, where a connection is cut.
http::Handler with_call_faults(const http::Router& routes, service::CallFaults& faults);

} // namespace api
