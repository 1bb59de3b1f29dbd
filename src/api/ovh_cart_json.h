#pragma once
#include "http/form.h"
#include "http/json_text.h"
#include "http/message.h"
#include "service/checkouts.h"

#include <string>

// How carts, what is in them and what they cost look in the cart API, and what all its routes of carts read.
namespace api {

/// order.cart.Cart, and `orderId` once it was bought.
http::JsonText ovh_cart(const domain::CartContent& content);

/// order.cart.Item
http::JsonText ovh_item(const domain::CartContent& content, const domain::CartItem& item);

/// order.Order: lines, what is paid first and, of ours, what is paid for each period afterwards, altogether (`prices.setup`,
/// `prices.recurring`) and for each server (`items`). `with_contracts`: what is agreed to by checking out is told.
http::JsonText ovh_order(const service::Purchase& purchase, const std::string& base_url, bool with_contracts);

/// Where a member looks at a purchase, signed in.
std::string ovh_order_url(const std::string& base_url, std::int64_t checkout);

/// The cart's uuid in the path. @throws domain::Refusal not_found if the text is none
domain::Uuid ovh_cart_id(const http::Request& request);

/// Ends reading a body: a member nobody knows is refused together with the names of those that are known. @throws http::InvalidFields
void ovh_finish(http::Form& form);

} // namespace api
