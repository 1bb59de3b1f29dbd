#pragma once
#include "gateway/secret_box.h"
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/api_keys.h"
#include "service/api_requests.h"
#include "service/writes.h"

namespace api {

struct ApiKeyServices {
    service::Accounts& accounts;
    service::ApiKeys& keys;
    service::ApiRequests& requests;
    service::Writes& writes;
    const gateway::SecretBox& box; ///< seals answers that are kept for who asks again under the same Idempotency-Key
    const gateway::Clock& clock;   ///< the real one
    const http::Cursors& cursors;
};

/// GET, POST /api-keys · DELETE /api-keys/{id}, and the decision that an application asked for.
void add_api_key_routes(http::Router& router, const ApiKeyServices& services);

} // namespace api
