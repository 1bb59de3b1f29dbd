#include "api.h"
#include "app/app.h"
#include "bank_reports.h"
#include "challenge_page.h"
#include "courier.h"
#include "http/serve.h"
#include "tables.h"
#include "unix_time.h"
#include "web_files.h"

#include <csignal>
#include <cstdlib>
#include <iostream>

/// The sandbox's card gateway: speaks Stripe's API, so that the official libraries and our own client work against it
/// unmodified. Its state is in the stack's database, its time is the test clock.
///
/// What only it has: faults on request (fault_endpoints.cpp), the page that plays the cardholder's bank
/// (challenge_page.h), and the stand-in for Stripe.js (web/).
int main()
try {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr); // all threads inherit this; serve() waits for them
    std::signal(SIGPIPE, SIG_IGN);

    app::App app{"stripe-fake"};
    if (app.config.mode != app::Mode::sandbox) throw std::runtime_error{"the test gateway is for a sandbox; this is production"};
    stripe_fake::make_tables(app.database, stripe_fake::unix_ms(app.clock->now()) / 1000);
    const auto secret = stripe_fake::shared_secret(app.database);

    stripe_fake::Courier courier{app.database, *app.clock};
    const auto told = [&courier] { courier.wake(); };
    const stripe_fake::BankReports reports{app.database, *app.clock, secret, told};
    const stripe_fake::Api api{app.database, *app.clock, secret, told};
    const stripe_fake::ChallengePage page{app.database, *app.clock, secret, told};

    http::Router router{[&api](const http::Request& request) { return api.unknown(request); }};
    api.add_routes(router);
    page.add_routes(router);
    stripe_fake::add_web_routes(router);
    return http::serve(router, {.threads = app.config.threads, .max_body = 1024 * 1024});
} catch (const std::exception& error) {
    std::cerr << "stripe-fake: cannot start: " << error.what() << '\n';
    return EXIT_FAILURE;
}
