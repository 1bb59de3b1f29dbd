#pragma once
#include "app/app.h"
#include "http/router.h"

#include <functional>
#include <string>

namespace app {

/// The frame of every executable's main(): makes the app and an empty router, runs `main`, and says on standard error
/// why it could not start. With UNCLOUD_ROUTES set it prints the routes instead of serving them, for the test that holds
/// the API description against them. Returns the exit status.
int run_program(const std::string& name, const std::function<int(App&, http::Router&)>& main);

/// Serves the routes as the configuration says, with bodies of at most `max_body` bytes.
int serve(App& app, const http::Router& router, std::size_t max_body = std::size_t{64} * 1024);

} // namespace app
