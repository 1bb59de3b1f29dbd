#pragma once
#include "gateway/clock.h"
#include "gateway/supplier.h"
#include "store/database.h"
#include "store/supplier_bill_store.h"

#include <atomic>
#include <chrono>
#include <string>

namespace service {

struct BillRules {
    std::string supplier{};
    std::chrono::seconds every{3600}; ///< how often new ones are looked for
};

/// What suppliers bill is a cost of ours: each of their documents is booked once, in its own currency.
class SupplierBills {
public:
    SupplierBills(store::Database& database, gateway::Clock& clock, gateway::Supplier& supplier, BillRules rules)
        : database_{database}, clock_{clock}, supplier_{supplier}, rules_{std::move(rules)}
    {
    }

    /// Reads and books what is new, if it is time; of several workers one does. What the supplier does not answer now is read next time.
    void work(const std::atomic<bool>& stopping);

private:
    void book(const gateway::SupplierBill& bill);
    void assign(const gateway::SupplierBill& bill);
    store::NewSupplierBill new_bill(const gateway::SupplierBill& bill) const;

    store::Database& database_;
    gateway::Clock& clock_;
    gateway::Supplier& supplier_;
    BillRules rules_;
};

} // namespace service
