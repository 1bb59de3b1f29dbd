#pragma once
#include "domain/plan.h"
#include "http/json_text.h"
#include "service/plans.h"

#include <string>
#include <string_view>

// How plans look in the cart API's offers and catalogues.
namespace api {

/// order.cart.GenericProductPricing of all pricings: of each the price of a period first, then that of the installation, if there is one.
http::JsonText ovh_offer_prices(const domain::Plan& plan);

/// order.catalog.dedicated.Catalog: servers with all that is known of their hardware, at the price without a commitment.
http::JsonText ovh_formatted_catalogue(const service::PlanListing& listing, std::string_view subsidiary);

/// order.catalog.public.Catalog: servers and options with all their prices, and the tax on them.
http::JsonText ovh_public_catalogue(const service::PlanListing& listing, std::string_view subsidiary);

} // namespace api
