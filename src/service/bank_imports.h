#pragma once
#include "bank/file_fault.h"
#include "bank/xml_stream.h"
#include "domain/refusal.h"
#include "gateway/clock.h"
#include "service/bank_batch.h"
#include "service/refunds.h"
#include "store/bank_import_store.h"
#include "store/database.h"

#include <functional>
#include <string>
#include <vector>

namespace service {

/// Our accounts and what a file may weigh.
struct BankRules {
    std::vector<domain::BankAccount> accounts{};
    std::string reference_prefix{}; ///< of our QR references now; earlier ones are kept with the documents
    bank::XmlLimits limits{};
};

/// A file as somebody hands it in.
struct BankFile {
    std::string name{};
    std::function<bank::ByteSource()> open{}; ///< from its start, each time
};

/// A file that was imported.
struct ImportedBankFile {
    store::BankFileRecord file{};
    OutcomeCounts outcomes{};
};

/// The whole file is refused, and nothing of it is kept.
class BankFileRefused : public domain::Refusal {
public:
    explicit BankFileRefused(const bank::FileFault& fault)
        : domain::Refusal{domain::Reason::bank_file_refused, bank::to_text(fault)}, fault_{fault}
    {
    }
    const bank::FileFault& fault() const noexcept { return fault_; }

private:
    bank::FileFault fault_;
};

/// Takes files of the bank (camt.053, camt.054) into the books: the whole file or nothing, each booking once, whoever tells it
/// how often. Memory does not grow with the file, but with its largest entry.
class BankImports {
public:
    BankImports(store::Database& database, gateway::Clock& clock, Refunds& refunds, BankRules rules)
        : database_{database}, clock_{clock}, transfers_{clock, refunds}, rules_{std::move(rules)}
    {
    }

    /// In the caller's transaction. @throws BankFileRefused; store::Conflict if somebody else tells the same meanwhile: the
    /// transaction is repeated
    ImportedBankFile import(store::Session& session, const BankFile& file, const std::string& actor);

    /// In a transaction of its own; waits for other imports for as long as `patience`. A refused file is noted.
    ImportedBankFile import(const BankFile& file, const std::string& actor, std::chrono::seconds patience);

    /// Keeps in mind who handed in a file that was refused.
    void note_refused(const BankFile& file, const BankFileRefused& refusal, const std::string& actor);

private:
    store::Database& database_;
    gateway::Clock& clock_;
    BankTransfers transfers_;
    BankRules rules_;
};

/// {"PAID":3,"PARTIAL":1}
std::string to_json(const OutcomeCounts& outcomes);

} // namespace service
