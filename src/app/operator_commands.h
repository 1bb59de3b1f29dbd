#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace app {

struct PriceArguments {
    std::string sku{};
    std::string from{}; ///< YYYY-MM-DD, empty: today
    std::string currency{};
    std::int64_t setup{0};
    std::int64_t recurring{0};
    std::vector<std::string> units{}; ///< UNIT=MINOR
};

/// What the operator's command line does, on the same services as the admin family. The configuration is read and the
/// database opened by the first command that runs. Throws what the services throw, std::invalid_argument for arguments
/// that make no sense.
class OperatorCommands {
public:
    explicit OperatorCommands(std::ostream& out);
    ~OperatorCommands();

    void migrate(bool dry_run);
    void load_demo();
    void show_member(const std::string& username);
    void list_applications();
    /// `days` to pay, if they are given.
    void approve(const std::string& name, std::optional<int> days);

    /// "default": as many days to pay as everybody.
    void set_payment_days(const std::string& username, const std::string& days);
    void set_price(const PriceArguments& arguments);
    void list_jobs(const std::string& state, const std::string& format);
    void show_job(std::int64_t id);
    void retry_job(std::int64_t id);

    /// Cancels an order that cannot be delivered, and gives back what was paid for it.
    void give_up_order(const std::string& uuid);
    void list_reports();
    void report(
        const std::string& name, const std::string& from, const std::string& to, const std::string& member, const std::string& format);
    void check_config();

private:
    struct Parts;
    Parts& parts();

    std::ostream& out_;
    std::unique_ptr<Parts> parts_;
};

/// 1 refused, 2 usage, 4 not found, 5 conflict, 6 try again later.
int exit_status_of(const std::exception& error);

} // namespace app
