#pragma once
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stripe_fake {

/// A request that came under a key.
struct KeyedRequest {
    std::string key{};
    std::string path{};
    std::string fingerprint{}; ///< of the parameters
    std::string request_id{};
    std::int64_t now{0}; ///< Unix seconds
};

struct KeptAnswer {
    int status{0};
    std::string body{};
    std::string request_id{}; ///< of the request that was carried out
};

/// Rows of `stripe_fake_idempotency_keys`: what was answered under a key, for 24 hours.
class IdempotencyKeys {
public:
    static void create_table(store::Session& session);
    static void remove_expired(store::Session& session, std::int64_t now);

    explicit IdempotencyKeys(store::Session& session) : session_{session} {}

    /// Takes the key for this transaction, or gives the answer kept under it.
    /// @throws ApiError 409 if another request is being carried out under the key; 400 if it stood for another request
    std::optional<KeptAnswer> take(const KeyedRequest& request);

    void keep(const KeyedRequest& request, int status, const std::string& body);

private:
    bool insert(const KeyedRequest& request);

    store::Session& session_;
};

} // namespace stripe_fake
