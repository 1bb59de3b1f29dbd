#pragma once
#include "domain/member.h"
#include "domain/order.h"
#include "domain/product.h"
#include "domain/provisioning.h"
#include "gateway/clock.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/job_store.h"
#include "store/payment_method_store.h"
#include "store/report_store.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// A member and what operators want to see beside it.
struct MemberDetail {
    domain::Member member{};
    std::vector<domain::PaymentMethod> methods{};
    std::vector<domain::Order> orders{}; ///< the newest 100
};

/// A price as an operator gives it; units that are not named cost nothing.
struct NewPrice {
    std::string sku{};
    domain::Currency currency{};
    domain::Price price{};
};

/// What operators do, by the command line or the admin family. Every change leaves a row in the audit log.
class Administration {
public:
    /// `reports` is the folder of NAME.sql files.
    Administration(store::Database& database, gateway::Clock& clock, std::string reports)
        : database_{database}, clock_{clock}, reports_{std::move(reports)}
    {
    }

    std::vector<domain::Member> members(std::optional<std::int64_t> after, int limit);

    /// @throws domain::Refusal not_found
    MemberDetail member(const std::string& uid);

    std::vector<store::Application> applications(int limit);

    /// Approves an application for payment on bill, with `days` to pay if they are given, else as many as before.
    /// @throws domain::Refusal not_found
    void approve(store::Session& session, const domain::Uuid& application, std::optional<int> days, const std::string& actor);

    /// The same for the application of a member.
    void approve_member(store::Session& session, const std::string& uid, std::optional<int> days, const std::string& actor);

    /// @throws domain::Refusal not_found
    void refuse(store::Session& session, const domain::Uuid& application, const std::string& actor);

    /// How many days the member's invoices give from now on; nullopt: as many as everybody's. @throws domain::Refusal not_found
    void set_payment_days(store::Session& session, const std::string& uid, std::optional<int> days, const std::string& actor);

    /// Adds a price that begins today or later. @throws domain::Refusal unknown_product, price_in_the_past, price_exists
    void set_price(store::Session& session, const NewPrice& price, const std::string& actor);

    std::vector<store::JobRecord> jobs(const std::string& state, int limit);

    /// A job, and what it works on if that is a machine.
    struct JobDetail {
        store::JobRecord job{};
        std::optional<domain::Machine> machine{};
        std::vector<domain::StepRecord> steps{};
    };

    /// @throws domain::Refusal not_found
    JobDetail job(std::int64_t id);

    /// @throws domain::Refusal not_found if there is no such dead job
    void retry_job(store::Session& session, std::int64_t id, const std::string& actor);

    std::vector<store::AuditEntry> audit_log(std::optional<std::int64_t> before, int limit);

    /// Names of the reports there are.
    std::vector<std::string> reports() const;

    /// @throws domain::Refusal not_found if there is no such report
    store::Table report(const std::string& name, store::ReportArguments arguments);

    /// Writes down that the test clock was set.
    void note_test_clock(store::Session& session, domain::Instant set_to, const std::string& actor);

private:
    domain::MemberId decide(store::Session& session, const domain::Uuid& application, bool approve, const std::string& actor);
    void audit(store::Session& session, const std::string& actor, const std::string& action, const std::string& subject,
        const std::string& detail = "");

    store::Database& database_;
    gateway::Clock& clock_;
    std::string reports_;
};

} // namespace service
