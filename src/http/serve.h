#pragma once
#include "http/router.h"

#include <cstddef>

namespace http {

struct ServeOptions {
    int threads{4};
    std::size_t max_body{64 * 1024}; ///< bytes; more is answered with 413
};

/// Serves FastCGI on the listening socket inherited as descriptor 3 (systemd) or 0 (spawn-fcgi, uncloud-supervise) until
/// SIGTERM or SIGINT; requests in flight are finished first. Started from a shell it answers the one request in the
/// environment and standard input, as plain CGI (RFC 3875). Returns the exit status.
int serve(const Router& router, const ServeOptions& options);

} // namespace http
