#pragma once
#include "domain/member.h"
#include "store/database.h"

#include <optional>
#include <string>

namespace store {

/// Under which key a request came, and what exactly it was.
struct RequestKey {
    domain::MemberId member{};
    std::string route{};
    std::string key{};
    std::string fingerprint{}; ///< SHA-256, hexadecimal
};

struct StoredAnswer {
    std::string fingerprint{};
    int status{0};
    std::string location{};
    std::string body{};
};

/// Rows of `idempotency_keys`.
class IdempotencyStore {
public:
    explicit IdempotencyStore(Session& session) : session_{session} {}

    /// Takes the key for this transaction; a competitor waits here until it ends. Returns false if the key was used.
    bool take(const RequestKey& key);

    void store_answer(const RequestKey& key, const StoredAnswer& answer);

    /// The newest commit's answer under the key.
    std::optional<StoredAnswer> read(const RequestKey& key);

    /// By the database's own clock.
    void remove_older_than(int hours);

private:
    Session& session_;
};

} // namespace store
