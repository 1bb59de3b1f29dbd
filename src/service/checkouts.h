#pragma once
#include "domain/cart_prices.h"
#include "domain/invoice_tax.h"
#include "gateway/clock.h"
#include "service/carts.h"
#include "store/checkout_store.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// A cart with its prices; bought, or as it would be.
struct Purchase {
    domain::CartContent content{};
    domain::CartLines lines{};
    std::optional<store::Checkout> checkout{};

    /// What is paid first, tax included.
    domain::Totals first() const { return domain::totals_of(lines, content.cart.currency); }
};

struct PlaceCheckout {
    bool pays_at_once{false}; ///< by the member's default way to pay, without being asked again
    bool waives_retraction{false};
};

/// What carts cost, and how they are bought.
class Checkouts {
public:
    /// `country`: the provider's, whose consumers' tax is shown while a cart is nobody's.
    Checkouts(store::Database& database, gateway::Clock& clock, domain::VatRegistration vat, std::string country)
        : database_{database}, clock_{clock}, vat_{std::move(vat)}, country_{std::move(country)}
    {
    }

    /// What the cart costs as it is; whether it can be bought is not looked at. One that was bought keeps its prices.
    /// @throws domain::Refusal not_found, cart_expired
    Purchase summary(const domain::Uuid& uuid, const CartUser& user);

    /// Checks everything and buys nothing; one that was bought is told as it was.
    /// @throws domain::Refusal not_found, cart_expired, cart_unassigned, cart_incomplete
    Purchase rehearse(const domain::Uuid& uuid, const domain::Identity& who);

    /// Buys the cart, or finds the purchase that was made of it before: an order for each piece of a server, with its jobs, in the caller's
    /// transaction, which must begin here. @throws as rehearse()
    Purchase place(store::Session& session, const domain::Uuid& uuid, const domain::Identity& who, const PlaceCheckout& command);

private:
    Purchase priced(store::Session& session, domain::CartContent content, const std::optional<domain::MemberId>& member);
    void require_complete(store::Session& session, const domain::CartContent& content, const domain::Identity& who);
    void write(store::Session& session, const Purchase& purchase, const domain::Identity& who, const PlaceCheckout& command);

    store::Database& database_;
    gateway::Clock& clock_;
    domain::VatRegistration vat_;
    std::string country_;
};

} // namespace service
