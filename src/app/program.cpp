#include "app/program.h"

#include "http/serve.h"

#include <cstdlib>
#include <iostream>

namespace app {

int run_program(const std::string& name, const std::function<int(App&, http::Router&)>& main)
try {
    App app{name};
    http::Router router;
    return main(app, router);
} catch (const std::exception& error) {
    std::cerr << name << ": cannot start: " << error.what() << '\n';
    return EXIT_FAILURE;
}

int serve(App& app, const http::Router& router, std::size_t max_body)
{
    if (std::getenv("UNCLOUD_ROUTES")) {
        for (const auto& route : router.routes()) std::cout << route.method << ' ' << route.pattern << '\n';
        return EXIT_SUCCESS;
    }
    return http::serve(router, {.threads = app.config.threads, .max_body = max_body});
}

} // namespace app
