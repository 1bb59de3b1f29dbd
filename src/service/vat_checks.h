#pragma once
#include "domain/vat_check.h"
#include "gateway/clock.h"
#include "gateway/vat_register.h"
#include "store/database.h"
#include "store/vat_store.h"

#include <atomic>
#include <string>

namespace service {

/// Asks VIES about the VAT ids of businesses in the EU. Never in a request: invoices wait for the answer, and the worker asks, again and
/// again while none comes. Any number of workers may.
class VatChecks {
public:
    VatChecks(store::Database& database, gateway::VatRegister& vies, gateway::Clock& clock, domain::VatCheckRules rules, std::string name)
        : database_{database}, register_{vies}, clock_{clock}, rules_{rules}, name_{std::move(name)}
    {
    }

    /// Asks about every id whose time has come.
    void work(const std::atomic<bool>& stopping);

private:
    void ask(store::VatIdToCheck id);

    store::Database& database_;
    gateway::VatRegister& register_;
    gateway::Clock& clock_;
    domain::VatCheckRules rules_;
    std::string name_;
};

} // namespace service
