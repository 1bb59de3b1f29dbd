#pragma once
#include "store/database.h"
#include "store/idempotency_store.h"

#include <functional>
#include <optional>
#include <string>

namespace service {

/// How one writing request wants to be carried out.
struct WriteRequest {
    std::optional<store::RequestKey> key{}; ///< if it came with an Idempotency-Key
    bool dry_run{false};                    ///< show what would happen, change nothing, use up no key
};

/// What is told to the client, and again if it asks again under the same key.
struct Answer {
    int status{200};
    std::string body{};
    std::string location{};
    bool replayed{false};
};

/// Carries out writing use cases, each in one transaction and, under a key, exactly once: the key's row and the effect
/// are committed together, so a competitor with the same key waits and then gets the first one's answer.
class Writes {
public:
    explicit Writes(store::Database& database) : database_{database} {}

    /// @throws domain::Refusal idempotency_key_reused if the key came with another request, idempotency_key_in_use if
    /// that one still runs; and whatever the use case throws, in which case nothing is kept, not even the key.
    Answer run(const WriteRequest& request, const std::function<Answer(store::Session&)>& use_case);

    /// The answer already given under the request's key, for use cases that ask somebody outside before they write.
    /// @throws domain::Refusal idempotency_key_reused
    std::optional<Answer> earlier(const WriteRequest& request);

private:
    Answer run_once(store::Session& session, const store::RequestKey& key, const std::function<Answer(store::Session&)>& use_case);

    store::Database& database_;
};

} // namespace service
