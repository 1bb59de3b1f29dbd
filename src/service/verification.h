#pragma once
#include "store/database.h"
#include "store/verification_store.h"

#include <map>
#include <string>
#include <vector>

namespace service {

/// What was looked at and what was found.
struct VerificationReport {
    std::int64_t documents{0};
    std::int64_t lines{0};
    std::vector<std::string> findings{}; ///< each a sentence that begins with its subject
};

/// Holds the books against each other: documents against their lines, hashes, numbers and ledger transactions; orders
/// against their periods; the ledger against its sums, the members' accounts and the revenue that is deferred.
class Verification {
public:
    explicit Verification(store::Database& database) : database_{database} {}

    VerificationReport verify();

private:
    void verify_documents(store::Session& session);
    void verify_document(const store::StoredDocument& document);
    void verify_orders(store::Session& session);
    void verify_order(const std::vector<store::OrderLine>& lines);
    void verify_accounts(store::Session& session);
    void found(std::string finding) { report_.findings.push_back(std::move(finding)); }

    store::Database& database_;
    VerificationReport report_{};
    std::int64_t position_{0};
    std::string hash_{};
};

} // namespace service
