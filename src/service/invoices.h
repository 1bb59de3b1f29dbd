#pragma once
#include "store/database.h"
#include "store/invoice_store.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

struct InvoiceWithLines {
    store::InvoiceRecord invoice{};
    std::vector<store::InvoiceLineRecord> lines{};
};

/// A member's documents.
class Invoices {
public:
    explicit Invoices(store::Database& database) : database_{database} {}

    /// Newest first.
    std::vector<store::InvoiceRecord> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    InvoiceWithLines read(domain::MemberId member, const std::string& number);

private:
    store::Database& database_;
};

} // namespace service
