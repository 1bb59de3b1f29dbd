#pragma once
#include "domain/charge_attempt.h"
#include "gateway/card_payments.h"
#include "gateway/clock.h"
#include "service/job_report.h"
#include "service/payments.h"
#include "store/charge_store.h"
#include "store/database.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace service {

/// Charges cards for documents, each try once: its row is committed before the gateway is asked, carries all that is asked, and
/// whoever hears of its outcome (the answer, an event, a look afterwards) writes it down by the same transition.
class Charging {
public:
    Charging(store::Database& database, gateway::CardPayments& gateway, gateway::Clock& clock)
        : database_{database}, gateway_{gateway}, clock_{clock}
    {
    }

    /// Plans to charge what is open of the documents to their members' default cards; the worker does it. Returns the tries; none
    /// for a document of which nothing is open, whose member has no such card, or which has a try under way.
    std::vector<domain::Uuid> plan(store::Session& session, const std::vector<std::int64_t>& invoices);

    /// The same of one document, with another card of its member.
    std::vector<domain::Uuid> plan(store::Session& session, std::int64_t invoice, const domain::Uuid& method);

    /// The worker's part: asks the gateway and writes down what it said. An unknown outcome is asked for again with the same words. When
    /// the gateway refuses how we ask (a wrong key, a mistake of ours), nothing is asked for some minutes: a run does not fail one by one.
    JobReport carry_out(const domain::Uuid& attempt);

    /// Gives a try up that waited too long for the member. If it was paid at the last moment, it is booked.
    JobReport give_up(const domain::Uuid& attempt);

    /// Writes down what the gateway keeps for a payment.
    JobReport book_fee(const domain::Uuid& payment);

    /// What the gateway says now of an intent that somebody mentioned. Returns false if it did not answer: look again.
    bool look_at(const std::string& intent);

    /// The same of a try whose outcome was not heard of for long.
    bool look_at(const domain::Uuid& attempt);

    /// Writes down what an intent says of its try: the one transition, whoever hears of it. Whoever comes second finds it done.
    void take(const domain::Uuid& attempt, const gateway::PaymentIntent& intent, const std::string& request_id);

private:
    std::vector<domain::Uuid> write_down(store::Session& session, const std::vector<store::ChargeableDocument>& documents);
    enum class Beginning { ask, look_up, over };
    struct Begun {
        Beginning what{Beginning::over};
        domain::ChargeAttempt attempt{};
    };
    using IntentAnswer = gateway::GatewayAnswer<gateway::PaymentIntent>;

    Begun begin(const domain::Uuid& uuid);
    JobReport ask(const domain::ChargeAttempt& attempt);
    JobReport look_up(const domain::ChargeAttempt& attempt);
    std::optional<bool> found(const domain::ChargeAttempt& attempt);
    void close(const domain::Uuid& attempt, const std::string& reaction, const std::string& code, const std::string& request_id);
    void book(store::Session& session, const domain::ChargeAttempt& attempt, const gateway::PaymentIntent& intent);
    void react(store::Session& session, const domain::ChargeAttempt& attempt, const domain::Decline& decline,
        const domain::DeclineJudgement& judgement);

    store::Database& database_;
    gateway::CardPayments& gateway_;
    gateway::Clock& clock_;
    Payments payments_{clock_};
    std::atomic<std::chrono::steady_clock::time_point> quiet_until_{}; ///< the gateway refused what we asked, and is left alone
};

} // namespace service
