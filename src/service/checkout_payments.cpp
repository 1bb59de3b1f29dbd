#include "service/checkout_payments.h"

#include "domain/member_pages.h"
#include "domain/refusal.h"
#include "store/job_store.h"
#include "store/standing_store.h"

namespace service {

using domain::Reason;
using domain::Refusal;

std::vector<store::NumberedMethod> CheckoutPayments::methods(domain::MemberId member)
{
    return database_.read([&](store::Session& session) { return store::PaymentMethodStore{session}.active_of(member); });
}

CheckoutView CheckoutPayments::payable(domain::MemberId member, std::int64_t checkout)
{
    const auto read = [&] {
        auto view = database_.read([&](store::Session& session) { return CheckoutHistory::view(session, member, checkout); });
        if (!view) throw Refusal{Reason::not_found, "The requested object (orderId = " + std::to_string(checkout) + ") does not exist"};
        return std::move(*view);
    };
    auto view = read();
    if (view.status == domain::CheckoutStatus::cancelled)
        throw Refusal{
            Reason::order_state, "order " + std::to_string(checkout) + " is cancelled and cannot be paid: order anew with a new cart"};
    if (!view.documents.empty()) return view;
    // The worker did not come to it yet: what it will do is done now, and found done then.
    const auto held = billing_.bill(member, member, clock_.today()).held_for(member);
    if (held)
        throw Refusal{
            Reason::order_state, "the invoice of order " + std::to_string(checkout) + " waits until your VAT id is confirmed; pay it then"};
    return read();
}

MemberPayment CheckoutPayments::pay_by_card(domain::MemberId member, std::int64_t checkout, const std::optional<domain::Uuid>& card)
{
    const auto view = payable(member, checkout);
    for (const auto& document : view.documents) {
        if (document.open.minor == 0) continue;
        const auto payment = payments_.pay(member, document.number, card, domain::payment_page(base_url_, document.number));
        if (payment.state != domain::AttemptState::succeeded) return payment;
    }
    return {.state = domain::AttemptState::succeeded};
}

bool CheckoutPayments::pay_on_bill(domain::MemberId member, std::int64_t checkout)
{
    const auto view = payable(member, checkout);
    return database_.transact([&](store::Session& session) {
        const auto standing = store::StandingStore{session}.of(member);
        if (!standing || !standing->has_payment_method || standing->pays_by_card) return false;
        store::JobStore jobs{session}; // it may have waited for a card that was the default then
        for (const auto& server : view.servers)
            if (domain::waits_for_payment(server.status)) jobs.add(domain::JobKind::order_start, server.order, "on_bill");
        return true;
    });
}

} // namespace service
