#pragma once
#include "domain/invoice.h"
#include "store/database.h"

#include <map>
#include <string>

namespace store {

/// Where a document stands in its series and in the chain.
struct ChainLink {
    std::string number{};
    std::int64_t series_number{0};
    std::int64_t position{0};
    std::string chain_hash{};
};

/// SHA-256 of domain::canonical_text().
std::string content_hash(const domain::Invoice& invoice);

/// SHA-256 of the hash before, the number and the content's hash, each followed by a line feed.
std::string chain_hash(const std::string& previous, const std::string& number, const std::string& content_hash);

/// The end of the chain and the numbers of the series. Holding it, nobody else can issue until the transaction ends; a
/// transaction that fails gives the numbers back, so that there are no gaps.
class DocumentChain {
public:
    explicit DocumentChain(Session& session);

    /// The document with that hash comes next.
    ChainLink append(const domain::Invoice& invoice, const std::string& content_hash);

    /// Writes how far chain and series have come.
    void save();

private:
    std::int64_t next_in_series(domain::InvoiceKind kind, int year);

    Session& session_;
    std::int64_t position_{0};
    std::string hash_{};
    std::map<std::pair<domain::InvoiceKind, int>, std::int64_t> last_{};
};

} // namespace store
