#include "http/problem.h"

#include "domain/snapshot_refusal.h"
#include "http/json_text.h"
#include "logging/log.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <typeinfo>

namespace http {
namespace {

struct Mapping {
    int status;
    const char* code;
};

Mapping mapping(domain::Reason reason)
{
    using enum domain::Reason;
    switch (reason) { // no default: -Wswitch names a forgotten reason
    case not_found: return {404, "not_found"};
    case forbidden: return {403, "forbidden"};
    case not_a_member: return {403, "not_a_member"};
    case unknown_product: return {422, "unknown_product"};
    case product_not_sold: return {422, "product_not_sold"};
    case not_sold_there: return {422, "not_sold_there"};
    case vat_id_unusable: return {422, "vat_id_unusable"};
    case membership_required: return {402, "membership_required"};
    case payment_method_required: return {402, "payment_method_required"};
    case raw_card_refused: return {422, "raw_card_refused"};
    case card_refused: return {402, "card_refused"};
    case idempotency_key_reused: return {422, "idempotency_key_reused"};
    case idempotency_key_in_use: return {409, "idempotency_key_in_use"};
    case uuid_in_use: return {404, "not_found"}; // somebody else's: not even its existence is told
    case order_differs: return {409, "order_differs"};
    case order_state: return {409, "order_state"};
    case still_required: return {409, "still_required"};
    case price_exists: return {409, "price_exists"};
    case payment_method_in_use: return {409, "payment_method_in_use"};
    case vm_not_ready: return {409, "vm_not_ready"};
    case vm_running: return {409, "vm_running"};
    case vm_run_by_hand: return {409, "vm_run_by_hand"};
    case vm_has_snapshots: return {409, "vm_has_snapshots"};
    case snapshot_state: return {409, "snapshot_state"};
    case snapshot_quota: return {409, "snapshot_quota"};
    case snapshot_too_soon: return {429, "snapshot_too_soon"};
    case vpn_not_ready: return {409, "vpn_not_ready"};
    case vpn_key_in_use: return {409, "vpn_key_in_use"};
    case vpn_pool_exists: return {409, "vpn_pool_exists"};
    case changed_meanwhile: return {412, "changed_meanwhile"};
    case day_not_come: return {422, "day_not_come"};
    case day_not_over: return {422, "day_not_over"};
    case books_closed: return {409, "books_closed"};
    case unknown_line: return {422, "unknown_line"};
    case nothing_to_credit: return {422, "nothing_to_credit"};
    case reference_in_use: return {409, "reference_in_use"};
    case nothing_to_refund: return {409, "nothing_to_refund"};
    case bank_file_refused: return {422, "bank_file_refused"};
    case booking_decided: return {409, "booking_decided"};
    case booking_differs: return {409, "booking_differs"};
    case payee_missing: return {422, "payee_missing"};
    case nothing_to_pay_out: return {409, "nothing_to_pay_out"};
    case mail_state: return {409, "mail_state"};
    case api_key_limit: return {409, "api_key_limit"};
    case price_in_the_past: return {422, "price_in_the_past"};
    case not_in_production: return {403, "not_in_production"};
    case cart_expired: return {460, "cart_expired"};
    case cart_checked_out: return {409, "cart_checked_out"};
    case cart_unassigned: return {403, "cart_unassigned"};
    case cart_incomplete: return {422, "cart_incomplete"};
    case cart_full: return {409, "cart_full"};
    case unknown_subsidiary: return {422, "unknown_subsidiary"};
    case expiry_out_of_range: return {422, "expiry_out_of_range"};
    case unknown_plan: return {422, "unknown_plan"};
    case unknown_pricing: return {422, "unknown_pricing"};
    case quantity_out_of_range: return {422, "quantity_out_of_range"};
    case unknown_option: return {422, "unknown_option"};
    case option_taken: return {409, "option_taken"};
    case unknown_label: return {422, "unknown_label"};
    case label_taken: return {409, "label_taken"};
    case value_not_allowed: return {422, "value_not_allowed"};
    case unknown_coupon: return {422, "unknown_coupon"};
    }
    std::abort();
}

bool is_abbreviation(std::string_view word) { return word == "vm" || word == "vpn" || word == "vat"; }

void to_upper(char& letter) { letter = static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter); }

/// "membership_required" → "Membership required", "vm_running" → "VM running".
std::string title_of(std::string code)
{
    const auto first_word = std::string_view{code}.substr(0, code.find('_'));
    const auto capitals = is_abbreviation(first_word) ? first_word.size() : std::min<std::size_t>(code.size(), 1);
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i < capitals) to_upper(code[i]);
        if (code[i] == '_') code[i] = ' ';
    }
    return code;
}

Response retry_soon(Response response) { return std::move(response).with("Retry-After", "2"); }

JsonText problem_document(const Request& request, int status, const std::string& code, const std::string& detail)
{
    auto document = JsonText::object();
    document.set("type", "/docs/problems/" + code)
        .set("title", title_of(code))
        .set("status", status)
        .set("detail", detail)
        .set("code", code)
        .set("request_id", request.id);
    return document;
}

Response response_of(int status, const JsonText& document)
{
    return {.status = status, .body = document.dump(), .content_type = "application/problem+json"};
}

/// The snapshots' uuids beside the usual members, so that a program can delete them.
Response problem_of(const Request& request, const domain::SnapshotsInTheWay& refusal)
{
    const auto [status, code] = mapping(refusal.reason());
    auto snapshots = JsonText::array();
    for (const auto& uuid : refusal.snapshots()) snapshots.push(JsonText{uuid.text()});
    return response_of(status, problem_document(request, status, code, refusal.what()).set("snapshots", snapshots));
}

} // namespace

Response problem(const Request& request, int status, const std::string& code, const std::string& detail, const std::vector<Fault>& faults)
{
    auto document = problem_document(request, status, code, detail);
    if (!faults.empty()) {
        auto errors = JsonText::array();
        for (const auto& fault : faults)
            errors.push(JsonText::object().set("pointer", fault.pointer).set("code", fault.code).set("detail", fault.detail));
        document.set("errors", errors);
    }
    return response_of(status, document);
}

Response problem_of_current_exception(const Request& request)
{
    try {
        throw;
    } catch (const domain::SnapshotsInTheWay& refusal) {
        return problem_of(request, refusal);
    } catch (const domain::SnapshotTooSoon& refusal) {
        const auto [status, code] = mapping(refusal.reason());
        return problem(request, status, code, refusal.what()).with("Retry-After", std::to_string(refusal.wait().count()));
    } catch (const domain::Refusal& refusal) {
        const auto [status, code] = mapping(refusal.reason());
        auto response = problem(request, status, code, refusal.what());
        return status == 429 || refusal.reason() == domain::Reason::idempotency_key_in_use ? retry_soon(std::move(response)) : response;
    } catch (const InvalidFields& invalid) {
        return problem(request, 422, "invalid_fields", "some fields cannot be accepted; errors says which and why", invalid.faults());
    } catch (const BadRequest& error) {
        return problem(request, 400, "bad_request", error.what());
    } catch (const Rejected& rejected) {
        auto response = problem(request, rejected.status(), rejected.code(), rejected.what());
        response.headers = rejected.headers();
        return response;
    } catch (const domain::Unavailable& missing) {
        logging::event("error", "unavailable", {{"request_id", request.id}, {"what", missing.what()}});
        return retry_soon(problem(request, 503, missing.what(), "a part of the service is not reachable now; try again shortly"));
    } catch (const std::exception& error) {
        logging::event("error", "internal_error", {{"request_id", request.id}, {"type", typeid(error).name()}, {"what", error.what()}});
        return problem(request, 500, "internal_error", "something went wrong here; tell us the request_id");
    }
}

} // namespace http
