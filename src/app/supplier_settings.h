#pragma once
#include "gateway/ovh_client.h"
#include "gateway/supplier.h"
#include "service/supplier_bills.h"
#include "service/supplier_import.h"
#include "service/supplier_orders.h"

#include <memory>
#include <string>

namespace app {

class Section;

/// The table [supplier] of billing.toml: whose servers we sell.
struct SupplierSettings {
    gateway::OvhSettings api{};
    std::string subsidiary{};
    service::SupplierRules orders{}; ///< its name is empty if there is no supplier
    service::ImportRules import{};
    service::BillRules bills{};

    bool is_set() const { return !orders.name.empty(); }
    std::unique_ptr<gateway::Supplier> make() const;
};

/// @throws std::runtime_error naming what cannot be used
SupplierSettings read_supplier(Section section);

} // namespace app
