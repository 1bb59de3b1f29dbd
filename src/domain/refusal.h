#pragma once
#include <stdexcept>
#include <string>

namespace domain {

/// Why a rule of the business said no: one value per cause.
enum class Reason {
    not_found,
    forbidden,
    not_a_member,
    unknown_product,
    product_not_sold,
    not_sold_there,
    vat_id_unusable,
    membership_required,
    payment_method_required,
    raw_card_refused,
    card_refused,
    idempotency_key_reused,
    idempotency_key_in_use,
    uuid_in_use,
    order_differs,
    order_state,
    still_required,
    price_exists,
    payment_method_in_use,
    vm_not_ready,
    vm_running,
    vm_run_by_hand,
    vm_has_snapshots,
    snapshot_state,
    snapshot_quota,
    snapshot_too_soon,
    vpn_not_ready,
    vpn_key_in_use,
    vpn_pool_exists,
    changed_meanwhile,
    price_in_the_past,
    day_not_come,
    day_not_over,
    books_closed,
    unknown_line,
    nothing_to_credit,
    reference_in_use,
    nothing_to_refund,
    bank_file_refused,
    booking_decided,
    booking_differs,
    payee_missing,
    nothing_to_pay_out,
    mail_state,
    api_key_limit,
    not_in_production,
    cart_expired,
    cart_checked_out,
    cart_unassigned,
    cart_incomplete,
    cart_full,
    unknown_subsidiary,
    expiry_out_of_range,
    unknown_plan,
    unknown_pricing,
    quantity_out_of_range,
    unknown_option,
    option_taken,
    unknown_label,
    label_taken,
    value_not_allowed,
    unknown_coupon,
};

/// A rule of the business said no. The request was understood; sending it again will not help.
class Refusal : public std::runtime_error {
public:
    Refusal(Reason reason, const std::string& detail) : std::runtime_error{detail}, reason_{reason} {}
    Reason reason() const noexcept { return reason_; }

private:
    Reason reason_;
};

/// Something this program stands on (database, directory, gateway) cannot be reached now; a later try may succeed.
class Unavailable : public std::runtime_error {
public:
    /// `what_is_missing` is a stable slug such as "database_unavailable".
    explicit Unavailable(const std::string& what_is_missing) : std::runtime_error{what_is_missing} {}
};

} // namespace domain
