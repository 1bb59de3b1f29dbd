#pragma once
#include "domain/margin.h"
#include "domain/supplier_catalogue.h"
#include "gateway/clock.h"
#include "store/database.h"
#include "store/plan_import_store.h"

#include <map>
#include <string>
#include <vector>

namespace service {

struct ImportRules {
    std::string supplier{};
    std::string code_prefix{}; ///< before the supplier's codes, so that they are no others' plans
    std::vector<domain::MarginRule> margins{};
    std::map<domain::Currency, domain::Millionths> rates{}; ///< of our currencies for one of the supplier's; empty: its own alone
};

struct ImportReport {
    std::size_t plans{0};
    std::size_t added{0};
    std::size_t withdrawn{0}; ///< not sold any more
    std::size_t new_prices{0};
};

/// Takes a supplier's catalogue over into ours, with our margin on it.
class SupplierImport {
public:
    SupplierImport(store::Database& database, gateway::Clock& clock, ImportRules rules)
        : database_{database}, clock_{clock}, rules_{std::move(rules)}
    {
    }

    /// Plans, labels and options become the catalogue's; a price is written where it differs from the one that holds, and holds from
    /// today on; what vanished is not sold any more. A second run changes nothing. `dry_run`: only says what would be.
    /// @throws domain::Refusal reference_in_use if a code is that of a plan that is not the supplier's
    ImportReport run(const domain::SupplierCatalogue& catalogue, bool dry_run, const std::string& actor);

private:
    ImportReport write(store::Session& session, const domain::SupplierCatalogue& catalogue, const std::string& actor);
    std::vector<store::ImportedPlan> ours(const domain::SupplierCatalogue& catalogue) const;
    std::size_t write_prices(store::PlanImportStore& store, const domain::SupplierCatalogue& catalogue,
        const std::vector<store::ImportedPlan>& plans, const std::map<std::string, std::int64_t>& ids);

    store::Database& database_;
    gateway::Clock& clock_;
    ImportRules rules_;
};

} // namespace service
