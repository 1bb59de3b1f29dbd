#pragma once
#include "service/bank_imports.h"
#include "store/bank_transfer_store.h"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace app {

struct BankWorkArguments {
    std::string state{"open"}; ///< or "all"
    int limit{50};
    std::string format{"table"}; ///< or json
};

struct BankDecisionArguments {
    std::string booking{}; ///< its uuid
    std::string invoice{}, username{}, other{};
    std::string payee_name{}, payee_iban{};
};

struct BankPayoutArguments {
    std::string out{};   ///< file or folder; empty: standard output
    std::string again{}; ///< uuid of a payout to write once more
    bool list{false};
};

/// The bank on the operator's command line: files in, decisions, payouts out. Throws as OperatorCommands does.
class BankCommands {
public:
    explicit BankCommands(std::ostream& out);
    ~BankCommands();

    /// Each file is taken whole or not at all; the first that is refused ends it.
    void import_files(const std::vector<std::string>& paths);

    void list_files();
    void list_work(const BankWorkArguments& arguments);
    void show(const std::string& booking);
    void assign(const BankDecisionArguments& arguments);
    void credit(const BankDecisionArguments& arguments);
    void refund(const BankDecisionArguments& arguments);
    void pay_out(const BankPayoutArguments& arguments);

private:
    struct Parts;
    Parts& parts();
    service::ImportedBankFile import(const service::BankFile& file, const std::string& path);
    void hand_out(const store::BankPayout& payout, const std::string& out, bool is_only);

    std::ostream& out_;
    std::unique_ptr<Parts> parts_;
};

} // namespace app
