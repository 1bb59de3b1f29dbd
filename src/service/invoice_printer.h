#pragma once
#include "document/fonts.h"
#include "document/invoice_document.h"
#include "domain/member.h"
#include "store/database.h"
#include "store/invoice_store.h"

#include <functional>
#include <optional>
#include <string>

namespace service {

/// Issued documents as PDF files. The same document gives the same bytes as long as nothing is paid of it.
class InvoicePrinter {
public:
    explicit InvoicePrinter(store::Database& database) : database_{database} {}

    /// A member's own document. @throws domain::Refusal not_found
    std::string print(domain::MemberId member, const std::string& number);

    /// For operators and mails, to whom every document is open. @throws domain::Refusal not_found
    std::string print(const std::string& number);

private:
    std::string print(const std::function<std::optional<store::InvoiceRecord>(store::Session&)>& find, const std::string& number);
    const document::Fonts& fonts();

    store::Database& database_;
};

} // namespace service
