#include "api/ovh_faults.h"

#include "api/ovh_error.h"

#include <thread>

namespace api {
namespace {

using domain::CallFaultKind;
using http::Request;
using http::Response;

Response failed_on_purpose(const Request& request)
{
    try {
        throw OvhError{500, "SERVER_ERROR", "Server::InternalServerError", "Internal server error, on purpose"};
    } catch (const OvhError&) {
        return ovh_failure(request);
    }
}

/// "/1.0/order/cart" and "/v1/order/cart" are "/order/cart".
std::string path_of(const Request& request) { return request.path.substr(request.path.find('/', 1)); }

} // namespace

http::Handler with_call_faults(const http::Router& routes, service::CallFaults& faults)
{
    return [&](const Request& request) {
        const auto fault = faults.of_call(request.method, path_of(request));
        if (fault && fault->kind == CallFaultKind::refuse_before) return failed_on_purpose(request);
        auto response = routes.answer(request);
        if (!fault) return response;
        if (fault->kind == CallFaultKind::error_after_commit) return failed_on_purpose(request);
        if (fault->kind == CallFaultKind::lost_answer) return Response{}.with("X-Accel-Redirect", "/internal/cut");
        std::this_thread::sleep_for(fault->delay);
        return response;
    };
}

} // namespace api
