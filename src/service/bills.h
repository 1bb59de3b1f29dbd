#pragma once
#include "store/bill_reader.h"
#include "store/checkout_reader.h"
#include "store/database.h"
#include "store/invoice_store.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// An invoice with what the cart API tells beside.
struct BillView {
    store::Bill bill{};
    store::InvoiceRecord invoice{};
    std::vector<store::InvoiceLineRecord> lines{};
    std::vector<store::PlacedServer> servers{}; ///< that it has lines for
};

/// A member's invoices as the cart API tells them.
class Bills {
public:
    explicit Bills(store::Database& database) : database_{database} {}

    std::vector<store::Bill> list(domain::MemberId member, const store::BillFilter& filter);

    /// nullopt if the member has no such document.
    std::optional<BillView> read(domain::MemberId member, const std::string& number, store::BillKind kind = store::BillKind::bill);

    /// How it was paid; nullopt: no money came in for it.
    std::optional<store::DocumentPayment> payment(const BillView& bill);

private:
    store::Database& database_;
};

} // namespace service
