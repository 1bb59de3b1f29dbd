#pragma once
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

namespace app {

struct RunArguments {
    std::string date{}; ///< YYYY-MM-DD, empty: today
    bool dry_run{false};
    int workers{1};
};

struct CreditNoteArguments {
    std::string invoice{};
    int line{0};            ///< 0: all lines
    std::int64_t amount{0}; ///< 0: all that is left
    std::string reason{};
};

struct GoodwillArguments {
    std::string username{};
    std::int64_t amount{0};
    std::string currency{}; ///< empty: the member's own
    std::string reference{};
    std::string reason{};
};

struct RefundArguments {
    std::string payment{}; ///< its id
    std::int64_t amount{0};
    std::string currency{"CHF"};
    std::string reference{};
    std::string reason{};
    std::string payee_name{}, payee_iban{};
};

/// Billing on the operator's command line: runs, corrections, the ledger. Throws as OperatorCommands does.
class BillingCommands {
public:
    /// `terminal`: progress is shown to a person; else one JSON object a line.
    BillingCommands(std::ostream& out, bool terminal);
    ~BillingCommands();

    /// Returns the exit status: 1 if members could not be billed.
    int run(const RunArguments& arguments);

    void list_runs();
    void list_errors();
    void issue_credit_note(const CreditNoteArguments& arguments);
    void give_credit(const GoodwillArguments& arguments);
    void request_refund(const RefundArguments& arguments);
    void list_payments(const std::string& username);
    void close_books(const std::string& through);

    /// hledger, ledger or csv.
    void export_ledger(const std::string& format, const std::string& from, const std::string& to);

    /// Returns the exit status: 1 if something was found.
    int verify();

private:
    struct Parts;
    Parts& parts();
    int preview(const std::string& date);

    std::ostream& out_;
    bool terminal_;
    std::unique_ptr<Parts> parts_;
};

} // namespace app
