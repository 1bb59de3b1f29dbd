#pragma once
#include "domain/issuer.h"
#include "store/database.h"

#include <cstdint>
#include <optional>

namespace store {

/// Rows of `issuers`: each a state of who we are, the last one valid now.
class IssuerStore {
public:
    explicit IssuerStore(Session& session) : session_{session} {}

    std::optional<domain::Issuer> current();

    /// The issuer of a document; of one that is older than the table the first.
    std::optional<domain::Issuer> of_document(std::int64_t invoice);

    /// Makes it the current one, unless it is already.
    void keep(const domain::Issuer& issuer, domain::Instant now);

    /// The number of the current one's row; nullopt: none was kept yet.
    std::optional<std::int64_t> current_id();

private:
    Session& session_;
};

} // namespace store
