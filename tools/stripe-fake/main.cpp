#include "api.h"
#include "app/app.h"
#include "http/serve.h"

#include <cstdlib>
#include <iostream>

/// The sandbox's card gateway: speaks Stripe's API, so that the official libraries and our own client work against it
/// unmodified. Its state is in the stack's database, its time is the test clock.
int main()
try {
    app::App app{"stripe-fake"};
    if (app.config.mode != app::Mode::sandbox) throw std::runtime_error{"the test gateway is for a sandbox; this is production"};
    stripe_fake::Api api{app.database, *app.clock};
    const auto router = api.router();
    return http::serve(router, {.threads = app.config.threads, .max_body = 1024 * 1024});
} catch (const std::exception& error) {
    std::cerr << "stripe-fake: cannot start: " << error.what() << '\n';
    return EXIT_FAILURE;
}
